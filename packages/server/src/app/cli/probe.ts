import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startRunner } from '../../modules/availability/offline.ts'
import { type Command, UsageError } from './command.ts'

export const command: Command = {
  usage: `usage: changbai probe run --server URL [--token TOKEN] [--data DIR]

Looks at the measured applications from where it stands and delivers what it sees; runs until it is stopped.
  --server  address of the platform, e.g. https://cloud.example.gov.cn
  --token   as shown once when the probe was registered; better in the environment variable CHANGBAI_PROBE_TOKEN
  --data    folder where results wait while the server is away; by default ./probe-data
A private certificate authority is named by NODE_EXTRA_CA_CERTS.`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { server: { type: 'string' }, token: { type: 'string' }, data: { type: 'string', default: 'probe-data' } },
    })
    if (positionals.length !== 1 || positionals[0] !== 'run') throw new UsageError('probe knows: run')
    const token = values.token ?? process.env.CHANGBAI_PROBE_TOKEN
    if (!token) throw new UsageError('the token is missing: --token or CHANGBAI_PROBE_TOKEN')
    const server = serverOf(values.server)
    const folder = resolve(values.data)
    try {
      mkdirSync(join(folder), { recursive: true })
    } catch (error) {
      throw new UsageError(`${folder}: ${(error as Error).message}`)
    }
    const runner = await startRunner({
      server,
      token,
      folder,
      version: '0.1.0',
      say: (line) => process.stderr.write(`${new Date().toISOString()} ${line}\n`),
    })
    await new Promise<void>((done) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done())
    })
    await runner.stop()
    return 0
  },
}

/** @throws UsageError */
function serverOf(text: string | undefined): string {
  if (text === undefined) throw new UsageError('--server is missing')
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new UsageError(`--server is an http(s) address, not ${JSON.stringify(text)}`)
  return text
}
