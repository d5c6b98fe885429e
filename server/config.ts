import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { Failure } from './failure.ts'

/** The folder of the clone: where package.json is. */
export const projectFolder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

const postgresUrl = z.string().regex(/^postgres(ql)?:\/\/./)
const webUrl = z
  .string()
  .regex(/^https?:\/\/./)
  .transform((url) => url.replace(/\/+$/, ''))
const seconds = z
  .string()
  .regex(/^\d+ ?(s|min|h)?$/)
  .transform((text) => {
    const unit = text.endsWith('h') ? 3600 : text.endsWith('min') ? 60 : 1
    return Number.parseInt(text, 10) * unit
  })
const whole = (lowest: number, highest: number) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .refine((n) => n >= lowest && n <= highest)

/**
 * Every variable of the environment that Parcelle reads: what it is when absent (as the README shows it),
 * what a value must look like, what it means. The README's table is checked against this list.
 */
export const variables = [
  {
    name: 'DATABASE_URL',
    default: 'none: an embedded PostgreSQL 18',
    expects: 'postgresql://user:password@host:port/database',
    meaning:
      'The database to use, as the role that deploys and imports; it must exist and be PostgreSQL 18 or newer.',
    schema: postgresUrl.optional(),
  },
  {
    name: 'DATABASE_READ_URL',
    default: 'none: reads go to the same database',
    expects: 'postgresql://user:password@host:port/database',
    meaning: 'A streaming replica for GraphQL reads.',
    schema: postgresUrl.optional(),
  },
  {
    name: 'PARCELLE_SERVER_PASSWORD',
    default: 'none: the server connects as the owner and gives up its rights',
    expects: 'at least 8 characters',
    meaning: 'With `DATABASE_URL`: the password of the login role `parcelle_server`, set by the deploy.',
    schema: z.string().min(8).optional(),
  },
  {
    name: 'PARCELLE_DATA_DIR',
    default: '.parcelle',
    expects: 'a folder',
    meaning:
      'Where the embedded database, its socket and password, downloads and the simulated world are kept.',
    schema: z.string().optional(),
  },
  {
    name: 'HOST',
    default: '127.0.0.1',
    expects: 'an address or a host name',
    meaning: 'The address the server listens on; single sales are shown on a loopback address only.',
    schema: z
      .string()
      .regex(/^[A-Za-z0-9.:_-]+$/)
      .default('127.0.0.1'),
  },
  {
    name: 'PORT',
    default: '5678',
    expects: 'a port from 0 to 65535 (0: any free one)',
    meaning: 'The port the server listens on.',
    schema: whole(0, 65535).default(5678),
  },
  {
    name: 'PARCELLE_LOOPBACK_ROLE',
    default: 'analyst',
    expects: 'analyst or operator',
    meaning:
      'As whom a server on a loopback address answers whoever reaches it; an operator sees leads, which an analyst does not.',
    schema: z.enum(['analyst', 'operator']).default('analyst'),
  },
  {
    name: 'LOG_LEVEL',
    default: 'info',
    expects: 'fatal, error, warn, info, debug, trace or silent',
    meaning: 'The least important message that is logged; `debug` shows stacks too.',
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  },
  {
    name: 'NODE_ENV',
    default: 'development',
    expects: 'development, test or production',
    meaning: 'In production there is no GraphiQL and errors keep their details to the log.',
    schema: z.enum(['development', 'test', 'production']).default('development'),
  },
  {
    name: 'DEPLOY_WAIT',
    default: '10min',
    expects: 'a duration as 30s, 10min or 1h',
    meaning: 'How long a deploy waits for a running import before it names it and gives up.',
    schema: seconds.default(600),
  },
  {
    name: 'WORKER_CONCURRENCY',
    default: '2',
    expects: 'a number from 1 to 100',
    meaning: 'How many tasks one worker runs at a time.',
    schema: whole(1, 100).default(2),
  },
  {
    name: 'WORKER_HEARTBEAT',
    default: '5',
    expects: 'a number of seconds from 1 to 60',
    meaning:
      'How often a worker says that it runs; what one has taken that misses three beats goes back to the queue. The same for all workers.',
    schema: whole(1, 60).default(5),
  },
  {
    name: 'DVF_BASE_URL',
    default: 'https://files.data.gouv.fr/geo-dvf/latest/csv',
    expects: 'an http or https address',
    meaning: 'Where DVF files are downloaded from, by year and department.',
    schema: webUrl.default('https://files.data.gouv.fr/geo-dvf/latest/csv'),
  },
  {
    name: 'DVF_DATASET_URL',
    default: 'https://www.data.gouv.fr/api/1/datasets/demandes-de-valeurs-foncieres/',
    expects: 'an http or https address',
    meaning: 'The description of the data set, which says whether a newer release exists.',
    schema: z
      .string()
      .regex(/^https?:\/\/./)
      .default('https://www.data.gouv.fr/api/1/datasets/demandes-de-valeurs-foncieres/'),
  },
  {
    name: 'PARCELLE_CONTACT',
    default: 'none',
    expects: 'an e-mail address or an address of the web',
    meaning: 'How sources that are scraped can reach you; the user agent names it.',
    schema: z
      .string()
      .regex(/^(?:https?:\/\/[\x21-\x7e]+|[^\s@()]+@[^\s@()]+)$/)
      .optional(),
  },
  {
    name: 'GEO_API_URL',
    default: 'https://geo.api.gouv.fr',
    expects: 'an http or https address',
    meaning: 'Where the outlines of communes are asked for.',
    schema: webUrl.default('https://geo.api.gouv.fr'),
  },
  {
    name: 'CHROMIUM_PATH',
    default: 'none: an installed browser, then the one among the packages',
    expects: 'a file that can be run',
    meaning: 'The browser that reads sites which need JavaScript.',
    schema: z.string().optional(),
  },
] as const

type Variable = (typeof variables)[number]
type Read = { [V in Variable as V['name']]: z.output<V['schema']> }

/**
 * What the environment asks for. `dataDir` is absolute; `deployWait` is in seconds; addresses have no final
 * slash except `dvfDatasetUrl`, kept as given.
 */
export type Config = {
  databaseUrl: string | undefined
  databaseReadUrl: string | undefined
  serverPassword: string | undefined
  dataDir: string
  host: string
  port: number
  loopbackRole: Read['PARCELLE_LOOPBACK_ROLE']
  logLevel: Read['LOG_LEVEL']
  nodeEnv: Read['NODE_ENV']
  deployWait: number
  workerConcurrency: number
  /** Seconds. */
  workerHeartbeat: number
  dvfBaseUrl: string
  dvfDatasetUrl: string
  contact: string | undefined
  geoApiUrl: string
  chromiumPath: string | undefined
}

const hidden = (name: string, value: string): string =>
  name.endsWith('PASSWORD')
    ? 'a value that is not shown'
    : `"${value.replace(/(:\/\/[^:/@\s]*):[^@/\s]*@/, '$1:***@')}"`

/**
 * Reads the configuration from the environment; an empty variable counts as absent.
 *
 * @throws Failure (exit code 2) that names each variable that is wrong, what came and what is expected.
 */
export function parseConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const wrong: string[] = []
  const read: Record<string, unknown> = {}
  for (const variable of variables) {
    const given = env[variable.name] === '' ? undefined : env[variable.name]
    const parsed = variable.schema.safeParse(given)
    if (parsed.success) read[variable.name] = parsed.data
    else wrong.push(`${variable.name} is ${hidden(variable.name, given ?? '')}, expected ${variable.expects}`)
  }
  if (wrong.length > 0) {
    throw new Failure(wrong.join('\n'), {
      hint: 'Correct or unset the variable; the README lists all of them under "Configuration".',
      exitCode: 2,
    })
  }
  const values = read as Read
  return {
    databaseUrl: values.DATABASE_URL,
    databaseReadUrl: values.DATABASE_READ_URL,
    serverPassword: values.PARCELLE_SERVER_PASSWORD,
    dataDir: values.PARCELLE_DATA_DIR
      ? path.resolve(values.PARCELLE_DATA_DIR)
      : path.join(projectFolder, '.parcelle'),
    host: values.HOST,
    port: values.PORT,
    loopbackRole: values.PARCELLE_LOOPBACK_ROLE,
    logLevel: values.LOG_LEVEL,
    nodeEnv: values.NODE_ENV,
    deployWait: values.DEPLOY_WAIT,
    workerConcurrency: values.WORKER_CONCURRENCY,
    workerHeartbeat: values.WORKER_HEARTBEAT,
    dvfBaseUrl: values.DVF_BASE_URL,
    dvfDatasetUrl: values.DVF_DATASET_URL,
    contact: values.PARCELLE_CONTACT,
    geoApiUrl: values.GEO_API_URL,
    chromiumPath: values.CHROMIUM_PATH,
  }
}
