import { readFileSync, statfsSync } from 'node:fs'
import os from 'node:os'

/** What the machine offers: bytes of memory this process may use, cores, bytes free where the data lies. */
export type Machine = { memory: number; cores: number; freeDisk: number; sharedMemory: number }

const mb = 1024 * 1024
const between = (lowest: number, n: number, highest: number) => Math.max(lowest, Math.min(highest, n))
const inMb = (bytes: number) => `${Math.floor(bytes / mb)}MB`

function sharedMemory(): number {
  try {
    const shm = statfsSync('/dev/shm')
    return shm.bsize * shm.bavail
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/** Looks at the machine: a container's memory limit counts as its memory. */
export function lookAtMachine(folder: string): Machine {
  const limit = process.constrainedMemory()
  const disk = statfsSync(folder)
  return {
    memory: limit > 0 && limit < os.totalmem() ? limit : os.totalmem(),
    cores: os.availableParallelism(),
    freeDisk: disk.bsize * disk.bavail,
    sharedMemory: sharedMemory(),
  }
}

function dynamicSharedMemory(machine: Machine): string {
  // Containers often have 64 MB of /dev/shm, where a parallel hash join dies with "No space left on device".
  if (process.platform !== 'linux') return 'posix'
  if (machine.sharedMemory > machine.memory / 8) return 'posix'
  try {
    return Number(readFileSync('/proc/sys/kernel/shmmax', 'latin1')) > machine.memory ? 'sysv' : 'mmap'
  } catch {
    return 'mmap'
  }
}

/**
 * PostgreSQL's settings for a machine. Memory, parallelism and the size of the log are adjusted; what decides
 * whether a committed transaction survives (fsync, synchronous_commit, full_page_writes) is left alone.
 * No replica attaches to the embedded server, so its log holds only what a restart after a crash needs.
 */
export function settingsFor(machine: Machine): Record<string, string | number> {
  const { memory, cores } = machine
  const wal = between(512 * mb, machine.freeDisk / 12, 8192 * mb)
  return {
    shared_buffers: inMb(between(64 * mb, memory / 4, 8192 * mb)),
    effective_cache_size: inMb(between(128 * mb, memory * 0.7, 1e15)),
    work_mem: inMb(between(8 * mb, memory / 128, 512 * mb)),
    maintenance_work_mem: inMb(between(64 * mb, memory / 16, 2048 * mb)),
    max_wal_size: inMb(wal),
    min_wal_size: inMb(wal / 4),
    wal_buffers: '64MB',
    wal_level: 'minimal',
    max_wal_senders: 0,
    checkpoint_timeout: '15min',
    max_worker_processes: cores + 8,
    max_parallel_workers: cores,
    max_parallel_workers_per_gather: cores,
    // Whoever builds an index works too: one process more than cores only takes turns.
    max_parallel_maintenance_workers: Math.max(1, cores - 1),
    jit: 'off',
    random_page_cost: 1.1,
    max_connections: 100,
    dynamic_shared_memory_type: dynamicSharedMemory(machine),
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    log_line_prefix: '%m [%p] %a ',
    // The statement of a command that was killed ends soon after it, and with it the locks it holds.
    client_connection_check_interval: '2s',
    createrole_self_grant: 'set',
  }
}
