import { readFileSync, writeFileSync } from 'node:fs'

// Loaded into a measured process with --import: at its end it writes the most memory it ever had, in bytes, to the file
// that PARCELLE_BENCH_PEAK names. The kernel's high-water mark of this process counts all its threads; rusage would
// also count the process that started it.

/** The most resident memory this process has had, in bytes. */
function peak(): number {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? []
    if (kilobytes !== undefined) return Number(kilobytes) * 1024
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1024
}

const file = process.env.PARCELLE_BENCH_PEAK
if (file !== undefined) process.on('exit', () => writeFileSync(file, String(peak())))
