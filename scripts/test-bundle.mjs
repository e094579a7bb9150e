/**
 * `npm run test:bundle`: makes the bundle of this platform, unpacks it elsewhere, and tries it in a network namespace that holds nothing but a
 * loopback interface. Needs Linux with `unshare` and `ip`. BUNDLE=FILE tries an archive that exists already.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findRuntime } from './bootstrap/runtime.mjs'
import { findBrowser } from './test/browser.mjs'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const platform = `${process.platform}-${process.arch}`
const work = mkdtempSync(join(tmpdir(), 'changbai-bundle-'))

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
  if (error) throw error
  if (status !== 0) throw new Error(`${command} ended with ${status}`)
}

let code = 0
try {
  if (!process.env.BUNDLE) run(process.execPath, ['scripts/bundle.mjs', '--platform', platform, '--out', work])
  const archive =
    process.env.BUNDLE ??
    join(
      work,
      readdirSync(work).find((name) => name.endsWith('.tar.gz')),
    )
  const unpacked = join(work, 'unpacked')
  run('mkdir', [unpacked])
  run('tar', ['-xzf', archive, '-C', unpacked])
  const env = { ...process.env, ...findBrowser(root), BUNDLE_DIR: join(unpacked, readdirSync(unpacked)[0]) }
  const asRoot = process.getuid() === 0 ? [] : ['--user', '--map-root-user']
  const vitest = [findRuntime(root), 'node_modules/vitest/vitest.mjs', 'run', '--config', 'e2e/bundle.config.ts', '--reporter=verbose']
  run('unshare', ['--net', ...asRoot, 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh', ...vitest], { env })
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  code = 1
} finally {
  rmSync(work, { recursive: true, force: true })
}
process.exit(code)
