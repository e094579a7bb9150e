/**
 * `npm run bench` runs every measurement one after another and rewrites bench/results.md; `npm run bench -- process start` runs some.
 * Each is a program of its own: `node bench/process.ts`. Exit 1 when a target is missed.
 */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureInstalled } from '../scripts/bootstrap/install.mjs'
import { findRuntime } from '../scripts/bootstrap/runtime.mjs'
import { ensureWeb } from '../scripts/bootstrap/web.mjs'
import { findBrowser } from '../scripts/test/browser.mjs'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const all = [
  'process',
  'tasks',
  'history',
  'requests',
  'incidents',
  'impact',
  'drift',
  'availability',
  'probes',
  'telemetry',
  'alarms',
  'paging',
  'logs',
  'report',
  'board',
  'sheet',
  'reclaim',
  'idle',
  'start',
  'pages',
]
const MARK = '@figures '
const results = join(root, 'bench/results.md')

const run = (name, runtime, env) =>
  new Promise((resolve) => {
    const child = spawn(runtime, [join(root, `bench/${name}.ts`)], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
      process.stdout.write(String(chunk).replace(/^@figures .*\n?/gm, ''))
    })
    child.once('close', (code) => {
      const line = output.split('\n').find((one) => one.startsWith(MARK))
      resolve({ name, code, figures: line ? JSON.parse(line.slice(MARK.length)) : null })
    })
  })

const section = ({ name, figures }) =>
  [
    `## ${name}`,
    '',
    '| | measured | target | |',
    '|---|---|---|---|',
    ...figures.map(
      ({ what, measured, target, passed }) =>
        `| ${what} | ${measured} | ${target} | ${passed === null ? '' : passed ? 'met' : '**missed**'} |`,
    ),
    '',
  ].join('\n')

/** Keeps the sections of measurements that were not run this time. */
function writeResults(measured) {
  const before = existsSync(results) ? readFileSync(results, 'utf8') : ''
  const kept = Object.fromEntries(
    before
      .split(/^(?=## )/m)
      .slice(1)
      .map((text) => [text.slice(3, text.indexOf('\n')), `${text.trimEnd()}\n`]),
  )
  const sections = all
    .map((name) => measured.find((one) => one.name === name && one.figures))
    .map((one, index) => (one ? section(one) : kept[all[index]]))
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${release()}`
  const head = `# Measurements\n\nLast run ${new Date().toISOString().slice(0, 10)} on ${machine}. Ratios are of figures taken in turns in the same run; absolute figures depend on the machine and on what else it did\n(load average over the last quarter of an hour: ${loadavg()[2]?.toFixed(1)}; an idle machine shows 1 to 2 during a run).\nRepeat with \`npm run bench\`, or one of them with \`npm run bench -- process\`.\n`
  writeFileSync(results, [head, ...sections.filter(Boolean)].join('\n').trimEnd() + '\n')
}

const chosen = process.argv.slice(2).length > 0 ? process.argv.slice(2) : all
const unknown = chosen.filter((name) => !all.includes(name))
if (unknown.length > 0) {
  console.error(`no such measurement: ${unknown.join(', ')}; there are ${all.join(' ')}`)
  process.exit(2)
}
await ensureInstalled(root)
const runtime = findRuntime(root)
const measured = []
for (const name of chosen) {
  console.log(`\n== ${name}`)
  const needsPages = name === 'pages'
  if (needsPages) ensureWeb(root, runtime)
  measured.push(await run(name, runtime, needsPages ? findBrowser(root) : {}))
}
writeResults(measured)
for (const { name, code, figures } of measured) if (code !== 0 || !figures) console.log(`${name} broke off (exit ${code})`)
const missed = measured.some(({ code, figures }) => code !== 0 || !figures || figures.some(({ passed }) => passed === false))
process.exitCode = missed ? 1 : 0
