import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'

const SOURCES = resolve(import.meta.dirname, '..')
/** Files that wait for several things at once which are no queries of one transaction. */
const ALLOWED: Readonly<Record<string, string>> = {
  'app/prepare.ts': 'reads files',
  'modules/availability/runner/runner.ts': 'looks at several targets over the network',
  'modules/health/vitals.ts': 'asks several disks',
  'modules/log/receiver.ts': 'closes its sockets',
  'modules/process/worker.ts': 'each lane has transactions of its own',
  'platform/backup-frames.ts': 'waits for a stream or its end',
  'platform/due.ts': 'each loop has transactions of its own',
  'platform/sheets.ts': 'waits for a file or its failure',
  'platform/tls.ts': 'reads files',
  'platform/trace.ts': 'loads libraries',
}

test('queries of one transaction go one after another: a connection carries one at a time', async () => {
  const found: string[] = []
  for await (const file of glob('**/*.ts', { cwd: SOURCES })) {
    if (/\.(test|fixture)\.ts$/.test(file) || ALLOWED[file]) continue
    if (/Promise\.(all|allSettled|any|race)\(/.test(readFileSync(resolve(SOURCES, file), 'utf8'))) found.push(file)
  }
  // use Array.fromAsync(items, work): it waits for each in turn
  expect(found).toEqual([])
})
