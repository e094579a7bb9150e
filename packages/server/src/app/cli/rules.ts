import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { stringify } from 'yaml'
import { compilePack, type Metric, type PackProblem, readPacks } from '../../modules/alarm/offline.ts'
import { type Command, print, printJson, requireFolder, shippedPlan, UsageError } from './command.ts'

const usage = `usage: changbai rules check [DIR] [--json]
       changbai rules compile [DIR] [--to DIR] [--json]

DIR holds rule packs (*.yaml), or a plan with a folder rules; the installation's own by default.
check    reads them, runs their test vectors; a problem is printed as FILE:LINE FIELD REASON
compile  makes rule files of Prometheus and vmalert, a file a pack; into --to, otherwise to standard output`

const count = (packs: ReturnType<typeof readPacks>['packs']) => ({
  packs: packs.length,
  metrics: packs.reduce((sum, { pack }) => sum + pack.metrics.length, 0),
  rules: packs.reduce((sum, { pack }) => sum + pack.rules.length, 0),
  events: packs.reduce((sum, { pack }) => sum + pack.events.length, 0),
  tests: packs.reduce((sum, { pack }) => sum + pack.rules.reduce((own, rule) => own + rule.tests.length, 0), 0),
})

function tell(problems: readonly PackProblem[]): void {
  for (const { file, line, field, reason } of problems) print(`${file}:${line} ${field} ${reason}`)
}

export const command: Command = {
  usage,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { to: { type: 'string' }, json: { type: 'boolean', default: false } },
    })
    const [verb, given, ...rest] = positionals
    if ((verb !== 'check' && verb !== 'compile') || rest.length > 0)
      throw new UsageError('rules knows two things: check [DIR], compile [DIR]')
    if (values.to !== undefined && verb !== 'compile') throw new UsageError('--to belongs to compile')
    const { packs, problems } = readPacks(requireFolder(given ?? shippedPlan()))
    if (verb === 'check') {
      const counts = count(packs)
      if (values.json) printJson({ ...counts, problems })
      else {
        tell(problems)
        const found = `${counts.packs} packs, ${counts.metrics} metrics, ${counts.rules} rules, ${counts.events} event rules, ${counts.tests} tests`
        print(problems.length === 0 ? `ok: ${found}` : `${problems.length} problems`)
      }
      return problems.length === 0 ? 0 : 1
    }
    if (problems.length > 0) {
      if (values.json) printJson({ files: [], problems })
      else tell(problems)
      return 1
    }
    const metrics = new Map<string, Metric>(packs.flatMap(({ pack }) => pack.metrics.map((metric) => [metric.id, metric] as const)))
    const files = packs.map(({ file, pack }) => ({
      name: basename(file).replace(/\.ya?ml$/, '.rules.yml'),
      content: compilePack(pack, metrics),
    }))
    if (values.to !== undefined) {
      mkdirSync(values.to, { recursive: true })
      for (const { name, content } of files) writeFileSync(join(values.to, name), stringify(content, { lineWidth: 0 }))
    }
    if (values.json) printJson({ files, problems: [] })
    else if (values.to === undefined)
      print(stringify({ groups: files.flatMap(({ content }) => content.groups) }, { lineWidth: 0 }).trimEnd())
    else
      for (const { name, content } of files)
        print(`${join(values.to, name)}: ${content.groups.flatMap(({ rules }) => rules).length} alerts`)
    return 0
  },
}
