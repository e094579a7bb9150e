import { createServer } from 'node:http'
import { softwareProvider } from '../src/platform/crypto-provider.ts'

// A double of a crypto device, as a process of its own: speaks the port of docs/crypto-device.md, keeps its keys in its own memory.
// node crypto-device.ts TOKEN PORT; says `listening <port>` on standard output.

const [token = '', port = '0'] = process.argv.slice(2)
const inside = softwareProvider({ encryption: Buffer.alloc(32, 11), signing: Buffer.alloc(32, 12) }, 'SM')

const answers: Record<string, (body: Record<string, string>) => Promise<object>> = {
  'GET /about': async () => ({
    serial: 'DOUBLE-1',
    cipher: inside.cipher,
    signature: inside.signatureAlgorithm,
    publicKey: inside.publicKey,
  }),
  'POST /data-keys': async () => {
    const { bare, wrapped } = await inside.newDataKey()
    return { bare: bare.toString('base64'), wrapped }
  },
  'POST /data-keys/unwrap': async ({ wrapped = '' }) => ({ bare: (await inside.unwrap(wrapped)).toString('base64') }),
  'POST /signatures': async ({ bytes = '' }) => ({ signature: await inside.sign(Buffer.from(bytes, 'base64')) }),
}

const server = createServer(async (request, reply) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const say = (status: number, body: object): void =>
    void reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  if (request.headers.authorization !== `Bearer ${token}`) return say(401, {})
  const answer = answers[`${request.method} ${request.url}`]
  if (!answer) return say(404, {})
  try {
    say(200, await answer(chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {}))
  } catch {
    say(422, {})
  }
})
server.listen(Number(port), '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`listening ${typeof address === 'object' ? address?.port : ''}\n`)
})
