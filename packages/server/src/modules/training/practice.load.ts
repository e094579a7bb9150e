import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Scenario } from '@changbai/contract/practice.ts'
import { LineCounter, parseDocument } from 'yaml'
import type { Ctx } from '../../platform/ctx.ts'
import { putScenario, retireScenario, scenarioDigests } from './practice.store.ts'

/** Scenario files that cannot be read; the message has a line for every problem. */
class ScenarioError extends Error {}

/** @throws ScenarioError naming file, line and field */
export function readScenario(text: string, file: string): Scenario {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [broken] = document.errors
  if (broken) throw new ScenarioError(`${file}:${lines.linePos(broken.pos[0]).line} ${broken.message}`)
  const result = Scenario.safeParse(document.toJS())
  if (result.success) return result.data
  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let length = path.length; length > 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined
      if (node?.range) return lines.linePos(node.range[0]).line
    }
    return 1
  }
  throw new ScenarioError(result.error.issues.map(({ path, message }) => `${file}:${lineOf(path)} ${path.join('.')} ${message}`).join('\n'))
}

/** Brings the scenarios of a plan's folder `training` in when they changed; a plan without any offers no practice. */
export async function loadScenarios(ctx: Ctx, planDir: string): Promise<void> {
  const folder = join(planDir, 'training')
  const before = new Map((await scenarioDigests(ctx.db)).map((row) => [row.key, row]))
  const changed: string[] = []
  for (const [place, name] of scenarioFiles(folder).entries()) {
    const text = readFileSync(join(folder, name), 'utf8')
    const digest = createHash('sha256').update(text).digest('hex')
    const scenario = readScenario(text, name)
    const known = before.get(scenario.key)
    before.delete(scenario.key)
    if (known && known.digest === digest && known.place === place && known.retired_at === null) continue
    await putScenario(ctx.db, { key: scenario.key, place, digest, content: JSON.stringify(scenario), loaded_at: ctx.now, retired_at: null })
    changed.push(scenario.key)
  }
  for (const [key, row] of before) {
    if (row.retired_at) continue
    await retireScenario(ctx.db, key, ctx.now)
    changed.push(key)
  }
  if (changed.length > 0)
    await ctx.record({ kind: 'practice.scenarios-loaded', subject: { type: 'practice', id: 'scenarios' }, data: { changed } })
}

function scenarioFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
  } catch {
    // a plan need not have any
    return []
  }
}
