/** What a person at the terminal reads: Chinese first, English beside it; progress in one line where the terminal can rewrite a line. */
const { stdout } = process

export const say = (chinese, english) => stdout.write(`${chinese}  ${english}\n`)

/** A failure that the person can act on: printed without a stack. */
export class Refusal extends Error {}

export const refuse = (chinese, english) => {
  throw new Refusal(`${chinese}\n${english}`)
}

/** Shows how long a step takes until the returned function is called. */
export function showStep(chinese, english) {
  const startedAt = performance.now()
  const seconds = () => Math.round((performance.now() - startedAt) / 1000)
  const line = () => `${chinese}  ${english}`
  stdout.write(stdout.isTTY ? line() : `${line()}\n`)
  const timer = setInterval(
    () => stdout.write(stdout.isTTY ? `\r${line()} ${seconds()} s` : `  … ${seconds()} s\n`),
    stdout.isTTY ? 1000 : 15_000,
  )
  return () => {
    clearInterval(timer)
    if (stdout.isTTY) stdout.write(`\r${line()} ${seconds()} s\n`)
  }
}
