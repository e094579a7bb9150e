import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { fileApi } from '@changbai/contract/file.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../test/harness.ts'
import { openClamd, readScannerAddress, ScannerDown } from './scan.ts'

/** Speaks clamd's INSTREAM: takes chunks until the one of length zero, then answers. */
function startFakeClamd(answer: (bytes: Buffer) => string | null): Promise<Server> {
  const serve = (socket: Socket): void => {
    let held = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('data', (part) => {
      held = Buffer.concat([held, part as Buffer])
      const command = 'zINSTREAM\u0000'
      if (held.length < command.length) return
      const chunks: Buffer[] = []
      let at = command.length
      while (held.length >= at + 4) {
        const length = held.readUInt32BE(at)
        if (length === 0) {
          const text = answer(Buffer.concat(chunks))
          if (text === null) socket.destroy()
          else socket.end(`${text}\u0000`)
          return
        }
        if (held.length < at + 4 + length) return
        chunks.push(held.subarray(at + 4, at + 4 + length))
        at += 4 + length
      }
    })
  }
  const server = createServer(serve)
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}
const addressOf = (server: Server) => ({ host: '127.0.0.1', port: (server.address() as AddressInfo).port })

describe('an address', () => {
  test.each([
    ['127.0.0.1:3310', { host: '127.0.0.1', port: 3310 }],
    ['[::1]:3310', { host: '::1', port: 3310 }],
    ['unix:/run/clamav/clamd.ctl', { path: '/run/clamav/clamd.ctl' }],
    ['clamd', null],
    ['host:0', null],
    ['host:70000', null],
    ['http://host:3310', null],
  ])('%s', (text, address) => {
    expect(readScannerAddress(text)).toEqual(address)
  })
})

describe('uploads', () => {
  let t: TestServer
  let clamd: Server
  let client: Client
  let mood: 'well' | 'gone' | 'full' = 'well'
  const upload = (text: string) => {
    const body = [
      '--x',
      'Content-Disposition: form-data; name="purpose"',
      '',
      'letter',
      '--x',
      'Content-Disposition: form-data; name="file"; filename="a.txt"',
      'Content-Type: text/plain',
      '',
      text,
      '--x--',
      '',
    ].join('\r\n')
    return t.server.app.inject({
      method: 'POST',
      url: `/api${fileApi.upload.path}?purpose=letter`,
      headers: { authorization: `Test ${client.personId}`, 'content-type': 'multipart/form-data; boundary=x' },
      payload: body,
    })
  }

  beforeAll(async () => {
    clamd = await startFakeClamd((bytes) => {
      if (mood === 'gone') return null
      if (mood === 'full') return 'INSTREAM size limit exceeded. ERROR'
      return bytes.includes('bad news') ? 'stream: Test.Virus-1 FOUND' : 'stream: OK'
    })
    t = await startTestServer({ plan: false, scanner: openClamd(addressOf(clamd)) })
    client = await t.signedIn({ role: 'OPERATION_MANAGER' })
  })
  afterAll(async () => {
    clamd.close()
    await t.stop()
  })

  test('what is clean is kept, what is not is refused by name', async () => {
    expect((await upload('good news')).statusCode).toBe(200)
    const refused = await upload(`${'x'.repeat(600_000)}bad news`)
    expect([refused.statusCode, refused.json().detail ?? refused.json().title]).toEqual([422, expect.stringContaining('Test.Virus-1')])
  })
  test.each(['gone', 'full'] as const)('a scanner that is %s lets nothing in', async (now) => {
    mood = now
    const refused = await upload('good news')
    expect([refused.statusCode, refused.json().type]).toEqual([503, expect.stringContaining('file.scanner-down')])
    mood = 'well'
  })
})

test('a scanner nobody answers for is down, not clean', async () => {
  await expect(openClamd({ host: '127.0.0.1', port: 1 }).scan(Buffer.from('x'))).rejects.toBeInstanceOf(ScannerDown)
})
