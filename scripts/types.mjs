/**
 * Type checking by TypeScript 7, once per package. It is installed beside TypeScript 6 (which dependency-cruiser and knip need) under the
 * name `tsgo`, and both own a command called `tsc`: it is therefore called by its path.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const projects = ['packages/contract', 'packages/verify', 'packages/server', 'packages/web', '.']

let failed = 0
for (const project of projects) {
  if (!existsSync(`${root}/${project}/tsconfig.json`)) continue
  const result = spawnSync(
    process.execPath,
    ['node_modules/tsgo/bin/tsc', '-p', project, '--pretty', String(process.stdout.isTTY ?? false)],
    {
      cwd: root,
      encoding: 'utf8',
    },
  )
  const output = `${result.stdout}${result.stderr}`.trim()
  // TS18003: a package that holds no source file yet is not an error
  if (result.status === 0 || /error TS18003/.test(output)) continue
  failed += 1
  console.log(output)
}
console.log(failed === 0 ? `types: ${projects.length} projects, no error` : `types: ${failed} of ${projects.length} projects failed`)
process.exitCode = failed === 0 ? 0 : 1
