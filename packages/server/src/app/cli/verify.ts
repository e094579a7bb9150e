import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { verifyExport } from '@changbai/verify/verify-export.ts'
import { type Command, languageOf, print, printJson, UsageError } from './command.ts'

export const command: Command = {
  usage: `usage: changbai verify EXPORT [--key KEY_ID]... [--anchor BATCH:HEAD]... [--lang zh|en] [--json]

Recomputes an export of the ledger: digests, chain, signatures. Nothing but the file is read.
  --key     id of a key you trust from elsewhere; without one the export vouches for its own
  --anchor  end of the chain kept from before, so that a rewritten or shortened chain is noticed`,
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
    const anchors = (values.anchor ?? []).map((text) => {
      const [, batch, head] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? []
      if (batch === undefined || head === undefined) throw new UsageError(`--anchor is BATCH:HEAD, not ${JSON.stringify(text)}`)
      return { batch: Number(batch), head }
    })
    const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })
    const report = await verifyExport(lines, { anchors, ...(values.key ? { trustedKeys: values.key } : {}) })
    if (values.json) printJson(report)
    else {
      for (const found of report.findings) print(found[language])
      const verdict = { zh: report.ok ? '一致' : '不一致', en: report.ok ? 'identical' : 'differs' }[language]
      print(`${report.facts} facts, ${report.batches} batches, keys ${report.keys.join(' ')}: ${verdict}`)
    }
    return report.ok ? 0 : 1
  },
}
