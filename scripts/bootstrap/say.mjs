/** What a person at the terminal reads: Chinese first, English beside it; progress in one line where the terminal can rewrite a line. */
const { stdout } = process

export const say = (chinese, english) => stdout.write(`${chinese}  ${english}\n`)

/** The server's own exit codes (docs/operations.md), so that a supervisor sees one meaning whoever noticed. */
export const EXIT = { setting: 2, port: 3, store: 4, failed: 1 }

/** A failure that the person can act on: printed without a stack. */
export class Refusal extends Error {
  constructor(message, code) {
    super(message)
    this.code = code
  }
}

export const refuse = (chinese, english, code = EXIT.failed) => {
  throw new Refusal(`${chinese}\n${english.trimEnd()}`, code)
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
