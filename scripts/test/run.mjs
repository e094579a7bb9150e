/**
 * Runs all steps even when one fails, and closes with the line `N passed, N failed`: a check counts one, a test run counts its tests. One after
 * another, but for what waits more than it works: that goes on beside the checks before the tests, and is printed when it is over.
 * Names on the command line choose steps: `npm test -- types journeys`.
 */
import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { steps } from './steps.mjs'
import { makeTemporary } from './temporary.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
const temporary = makeTemporary()
const reports = join(temporary, 'reports')
mkdirSync(reports)
// whatever a step starts by the name `node` is the Node that runs this file
const path = [dirname(process.execPath), join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter)

function runCommand({ command, env, limitMinutes = 10 }, output) {
  return new Promise((resolve) => {
    const [file, ...args] = command
    const child = spawn(file, args, {
      cwd: root,
      stdio: ['ignore', output, output],
      env: { ...process.env, PATH: path, TMPDIR: temporary, ...env },
      detached: true,
    })
    // the step and everything it started: they are a process group of their own
    const end = (signal) => {
      try {
        process.kill(-child.pid, signal)
      } catch (error) {
        if (error.code !== 'ESRCH') throw error
      }
    }
    const timer = setTimeout(() => {
      console.log(`${file} ${args[0]} stopped after ${limitMinutes} minutes`)
      end('SIGTERM')
      setTimeout(() => end('SIGKILL'), 10_000).unref()
    }, limitMinutes * 60_000)
    const onInterrupt = () => end('SIGINT')
    process.once('SIGINT', onInterrupt)
    child.once('error', (error) => resolve({ code: 1, problem: error.message }))
    child.once('close', (code) => {
      clearTimeout(timer)
      process.off('SIGINT', onInterrupt)
      resolve({ code: code ?? 1 })
    })
  })
}

/** What Vitest reports in JSON; a run that broke before its tests counts as one failure. */
function countTests(file, code) {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(file, 'utf8'))
    const broken = testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.every((one) => one.status !== 'failed'),
    ).length
    const failed = numFailedTests + broken
    return { passed: numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed }
  } catch {
    return { passed: 0, failed: 1 }
  }
}

/** @param output 'inherit', or a file of what the step says */
async function runStep(step, output = 'inherit') {
  if (output === 'inherit') console.log(`\n== ${step.name}: ${step.title}`)
  const startedAt = performance.now()
  let counted
  try {
    const prepared = await step.prepare(root)
    if (prepared.notHere) {
      console.log(prepared.notHere)
      return { name: step.name, passed: 0, failed: 0, seconds: 0 }
    }
    const report = join(reports, `${step.name}.json`)
    const command = step.counts
      ? [...prepared.command, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
      : prepared.command
    const { code, problem } = await runCommand({ ...prepared, command }, output)
    if (problem) console.log(problem)
    counted = step.counts ? countTests(report, code) : { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 }
  } catch (error) {
    console.log(error.message)
    counted = { passed: 0, failed: 1 }
  }
  return { name: step.name, ...counted, seconds: Math.round((performance.now() - startedAt) / 1000) }
}

const chosen = process.argv.slice(2)
const unknown = chosen.filter((name) => !steps.some((step) => step.name === name))
if (unknown.length > 0) {
  console.log(`no such step: ${unknown.join(', ')}; there are ${steps.map(({ name }) => name).join(' ')}`)
  process.exit(2)
}
let interrupted = false
process.on('SIGINT', () => {
  interrupted = true
})
const asked = steps.filter(({ name }) => chosen.length === 0 || chosen.includes(name))
const inTurn = async (some) => {
  const done = []
  for (const step of some) if (!interrupted) done.push(await runStep(step))
  return done
}
/** What it says is kept and printed in one piece. */
const besides = async (step) => {
  const file = join(reports, `${step.name}.log`)
  const output = openSync(file, 'w')
  const result = await runStep(step, output)
  closeSync(output)
  return { result, said: `\n== ${step.name}: ${step.title}\n${readFileSync(file, 'utf8')}` }
}

const alone = asked.filter(({ beside }) => !beside)
const heavy = alone.findIndex(({ counts }) => counts)
const checks = heavy < 0 ? alone : alone.slice(0, heavy)
const [results, waiting] = await Promise.all([inTurn(checks), Promise.all(asked.filter(({ beside }) => beside).map(besides))])
for (const { said } of waiting) process.stdout.write(said)
results.push(...waiting.map(({ result }) => result), ...(await inTurn(alone.slice(checks.length))))
rmSync(temporary, { recursive: true, force: true })

console.log('')
for (const { name, passed, failed, seconds } of results)
  console.log(`${failed > 0 ? 'FAIL' : ' ok '} ${name.padEnd(12)} ${passed} passed, ${failed} failed (${seconds} s)`)
const sum = (key) => results.reduce((total, result) => total + result[key], 0)
console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
process.exitCode = sum('failed') === 0 && sum('passed') > 0 && !interrupted ? 0 : 1
