/**
 * The browser for the journeys: CHROMIUM_PATH, else an installed Chromium, Chrome or Edge, else the one that @sparticuz/chromium packs, with
 * a Chinese font beside it. When none can be had the journeys fail and name the one command to type: they are never left out in silence.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installWithApt } from './apt.mjs'

const commands = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'microsoft-edge-stable',
]
const applications = [
  'Chromium.app/Contents/MacOS/Chromium',
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
]
const PACKED = ['@sparticuz/chromium@153.0.0', '@expo-google-fonts/noto-sans-sc@0.4.3']

const works = (path) => spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0

function findInstalled() {
  for (const command of commands) {
    const { status, stdout } = spawnSync('sh', ['-c', `command -v ${command}`], { encoding: 'utf8' })
    if (status === 0 && works(stdout.trim())) return stdout.trim()
  }
  return applications.map((name) => join('/Applications', name)).find((path) => existsSync(path) && works(path))
}

/** Unpacks the browser from npm into .cache/browser; its libraries and the font are named by environment variables. */
function unpackBrowser(root) {
  const folder = join(root, '.cache/browser')
  mkdirSync(folder, { recursive: true })
  if (!existsSync(join(folder, 'package.json'))) writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}\n')
  console.log(`no browser is installed: unpacking ${PACKED[0]} into .cache/browser`)
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm']
  const [command, ...args] = [...npm, 'install', '--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts', ...PACKED]
  if (spawnSync(command, args, { cwd: folder, stdio: 'inherit' }).status !== 0) return null
  const script = `import chromium from '@sparticuz/chromium'
    process.env.HOME = ${JSON.stringify(folder)}
    console.log(JSON.stringify({ path: await chromium.executablePath() }))`
  const unpacked = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: folder,
    encoding: 'utf8',
    // this variable makes the package unpack the shared libraries that a bare system lacks
    env: { ...process.env, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x', TMPDIR: folder },
  })
  if (unpacked.status !== 0) return null
  const { path } = JSON.parse(unpacked.stdout.trim().split('\n').at(-1))
  const fonts = join(folder, 'fonts.conf')
  writeFileSync(
    fonts,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${join(folder, 'node_modules/@expo-google-fonts/noto-sans-sc')}</dir><cachedir>${join(folder, 'fontcache')}</cachedir></fontconfig>\n`,
  )
  return {
    CHROMIUM_PATH: path,
    FONTCONFIG_FILE: fonts,
    LD_LIBRARY_PATH: [join(folder, 'al2023/lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
  }
}

/** @returns the environment in which the journeys find their browser */
export function findBrowser(root) {
  const named = process.env.CHROMIUM_PATH
  if (named) {
    if (!works(named)) throw new Error(`CHROMIUM_PATH=${named} does not start`)
    return { CHROMIUM_PATH: named }
  }
  let installed = findInstalled()
  if (!installed) {
    installWithApt('chromium', 'fonts-noto-cjk')
    installed = findInstalled()
  }
  if (installed) return { CHROMIUM_PATH: installed }
  const unpacked = process.platform === 'linux' && process.arch === 'x64' ? unpackBrowser(root) : null
  if (unpacked && spawnSync(unpacked.CHROMIUM_PATH, ['--version'], { stdio: 'ignore', env: { ...process.env, ...unpacked } }).status === 0)
    return unpacked
  throw new Error('the journeys need a browser. Type:  apt-get install chromium fonts-noto-cjk   (or set CHROMIUM_PATH)')
}
