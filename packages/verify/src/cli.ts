import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { verifyAny } from './verify-any.ts'

const usage = `usage: cli.ts EXPORT.ndjson [--key KEY_ID]... [--anchor NO:HEAD]... [--json]
exit 0: nothing found   1: a finding   2: wrong use`

/** Runs the verifier alone, without database, network or the server. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { key: { type: 'string', multiple: true }, anchor: { type: 'string', multiple: true }, json: { type: 'boolean' } },
  })
  const [file] = positionals
  const anchors = (values.anchor ?? []).map((text) => {
    const [no, head] = text.split(':')
    return { no: Number(no), head: head ?? '' }
  })
  if (!file || positionals.length > 1 || anchors.some(({ no, head }) => !Number.isInteger(no) || !/^[0-9a-f]{64}$/.test(head))) {
    console.error(usage)
    return 2
  }
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })
  const { ok, findings, summary, report } = await verifyAny(lines, { anchors, ...(values.key ? { trustedKeys: values.key } : {}) })
  if (values.json) console.log(JSON.stringify(report))
  else {
    for (const found of findings) console.log(`${found.zh}\n  ${found.en}`)
    console.log(`${summary}: ${ok ? '一致 identical' : '不一致 differs'}`)
  }
  return ok ? 0 : 1
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: Error) => {
    console.error(`${error.message}\n${usage}`)
    process.exitCode = 2
  },
)
