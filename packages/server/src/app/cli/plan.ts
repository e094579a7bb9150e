import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type PlanDocument, type PlanProblem, readPlanFolder, spanOf } from '../../modules/plan/offline.ts'
import { checkDefinition } from '../../modules/process/offline.ts'
import { type Command, LANGUAGES, languageOf, print, printJson, requireFolder, shippedPlan, UsageError } from './command.ts'

const usage = `usage: changbai plan check [DIR] [--lang zh|en] [--json]

Checks plan.yaml of a folder (the installation's own by default) and the processes/*.bpmn beside it.
A clause without a meter, or measured by what nothing records, is a problem too. A problem is printed as FILE:LINE FIELD REASON.`

const lineOf = (text: string, part: string): number => {
  const at = text.indexOf(part)
  return at === -1 ? 1 : text.slice(0, at).split('\n').length
}

/** What the process files of a plan folder say wrong, against the plan's own parameters and clauses. */
async function checkProcesses(
  folder: string,
  plan: PlanDocument | null,
  language: 'zh' | 'en',
): Promise<{ count: number; problems: PlanProblem[] }> {
  let names: string[]
  try {
    names = readdirSync(folder)
      .filter((name) => name.endsWith('.bpmn'))
      .sort()
  } catch {
    return { count: 0, problems: [] }
  }
  const texts = new Map(names.map((name) => [name.slice(0, -'.bpmn'.length), readFileSync(join(folder, name), 'utf8')]))
  const limits = new Map(plan?.parameters.map((one) => [one.key, spanOf(one, one.value)]))
  const clauses = new Set(plan?.clauses.map((one) => one.id))
  const problems: PlanProblem[] = []
  for (const [key, text] of texts) {
    const file = join(folder, `${key}.bpmn`)
    const { findings } = await checkDefinition(text, {
      key,
      called: (other) => texts.get(other) ?? null,
      ...(plan ? { parameter: (name: string) => limits.get(name) } : {}),
      language: LANGUAGES[language],
    })
    for (const { element, reason, level } of findings) {
      if (level === 'error') problems.push({ file, line: element ? lineOf(text, `id="${element}"`) : 1, field: element ?? '', reason })
    }
    if (!plan) continue
    for (const { 0: found, 1: id = '', index } of text.matchAll(/wf:clause="([^"]*)"/g)) {
      const unknown = id.split(',').find((one) => !clauses.has(one.trim()))
      const line = text.slice(0, index).split('\n').length
      if (unknown !== undefined)
        problems.push({ file, line, field: found, reason: language === 'zh' ? `方案中没有条款 ${unknown}` : `no clause ${unknown}` })
    }
  }
  return { count: names.length, problems }
}

export const command: Command = {
  usage,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { lang: { type: 'string', default: 'zh' }, json: { type: 'boolean', default: false } },
    })
    const [verb, given, ...rest] = positionals
    if (verb !== 'check' || rest.length > 0) throw new UsageError('plan knows one thing: check [DIR]')
    const language = languageOf(values.lang)
    const folder = requireFolder(given ?? shippedPlan())

    const { plan, counts, problems } = readPlanFolder(folder, { measured: true })
    const processes = await checkProcesses(join(folder, 'processes'), plan, language)
    const all = [...problems, ...processes.problems]
    if (values.json) printJson({ ...counts, processes: processes.count, problems: all })
    else {
      for (const { file, line, field, reason } of all) print(`${file}:${line} ${field} ${reason}`)
      const found = `${counts.clauses} clauses, ${counts.parameters} parameters, ${processes.count} processes`
      print(all.length === 0 ? `ok: ${found}` : `${all.length} problems: ${found}`)
    }
    return all.length === 0 ? 0 : 1
  },
}
