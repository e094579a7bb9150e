import { createReadStream, existsSync, statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { verifyAny } from '@changbai/verify/verify-any.ts'
import { type Command, languageOf, print, printJson, UsageError } from './command.ts'

export const command: Command = {
  usage: `usage: changbai verify EXPORT [--key KEY_ID]... [--anchor NO:HEAD]... [--lang zh|en] [--json]

Recomputes an export of the ledger (digests, chain, signatures), of an application's availability (those, and every figure from the
observations up) or of a month's clauses (every figure from its obligations). Nothing but the file is read.
  --key     id of a key you trust from elsewhere; without one the export vouches for its own
  --anchor  end of the chain kept from before, number of batch or entry and digest, so that a rewritten or shortened chain is noticed`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        key: { type: 'string', multiple: true },
        anchor: { type: 'string', multiple: true },
        lang: { type: 'string', default: 'zh' },
        json: { type: 'boolean', default: false },
      },
    })
    const [file, ...rest] = positionals
    const language = languageOf(values.lang)
    if (file === undefined || rest.length > 0) throw new UsageError('verify needs one file')
    if (!existsSync(file)) throw new UsageError(`${file}: there is no such file`)
    if (statSync(file).isDirectory()) throw new UsageError(`${file}: a folder, not an export`)
    const anchors = (values.anchor ?? []).map((text) => {
      const [, no, head] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? []
      if (no === undefined || head === undefined) throw new UsageError(`--anchor is NO:HEAD, not ${JSON.stringify(text)}`)
      return { no: Number(no), head }
    })
    const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })
    const { ok, findings, summary, report } = await verifyAny(lines, { anchors, ...(values.key ? { trustedKeys: values.key } : {}) })
    if (values.json) printJson(report)
    else {
      for (const found of findings) print(found[language])
      print(`${summary}: ${{ zh: ok ? '一致' : '不一致', en: ok ? 'identical' : 'differs' }[language]}`)
    }
    return ok ? 0 : 1
  },
}
