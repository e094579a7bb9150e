import { connect } from 'node:net'

/** Looks for malware in what people upload. */
export interface Scanner {
  /** What was found, by the scanner's own name; null: nothing. @throws ScannerDown */
  scan(bytes: Uint8Array): Promise<string | null>
}
export class ScannerDown extends Error {}

const CHUNK_BYTES = 256 * 1024
const ANSWER_MS = 30_000

/** `host:port`, or `unix:` and a path; null for anything else. */
export function readScannerAddress(text: string): { path: string } | { host: string; port: number } | null {
  if (text.startsWith('unix:/')) return { path: text.slice('unix:'.length) }
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:/]+)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? plain
  return host && Number(port) > 0 && Number(port) < 65_536 ? { host, port: Number(port) } : null
}

/** What clamd says after a stream: `stream: OK`, `stream: NAME FOUND` or an error. */
function readAnswer(text: string): string | null {
  const answer = text.replaceAll('\u0000', '').trim()
  if (answer === 'stream: OK') return null
  const [, name] = /^stream: (.+) FOUND$/.exec(answer) ?? []
  if (name) return name
  throw new ScannerDown(answer.slice(0, 200) || 'no answer')
}

/** ClamAV's daemon by its INSTREAM command: length and bytes, chunk by chunk, ended by a length of zero. */
export function openClamd(address: { path: string } | { host: string; port: number }): Scanner {
  return {
    scan: (bytes) =>
      new Promise((resolve, reject) => {
        const socket = connect(address)
        let text = ''
        const fail = (error: Error): void => {
          socket.destroy()
          reject(error instanceof ScannerDown ? error : new ScannerDown(error.message))
        }
        socket.setTimeout(ANSWER_MS, () => fail(new ScannerDown('no answer in time')))
        socket.on('error', fail)
        socket.on('data', (part) => {
          text += part.toString('latin1')
        })
        socket.on('close', () => {
          try {
            resolve(readAnswer(text))
          } catch (error) {
            fail(error as Error)
          }
        })
        socket.write('zINSTREAM\u0000')
        for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
          const chunk = bytes.subarray(at, at + CHUNK_BYTES)
          const length = Buffer.alloc(4)
          length.writeUInt32BE(chunk.length)
          socket.write(length)
          socket.write(chunk)
        }
        socket.write(Buffer.alloc(4))
      }),
  }
}
