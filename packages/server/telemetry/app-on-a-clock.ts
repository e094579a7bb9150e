/** A small application that is killed and started by a stopwatch. Argument: port. Says when it listens, in milliseconds since 1970. */
import { createServer } from 'node:http'

createServer((_request, answer) => answer.end('政务服务')).listen(Number(process.argv[2]), '127.0.0.1', () => {
  process.stdout.write(`${Date.now()}\n`)
})
