import type { Ctx } from '../../platform/ctx.ts'
import type { Db } from '../../platform/db.ts'
import { compile } from './bpmn/model/compile.ts'
import type { Program } from './bpmn/program.ts'
import { definitionById, latestDefinitions } from './definitions.store.ts'

/** Definitions are immutable, so what one process compiled stays right; another process compiles its own. */
const compiled = new Map<string, Program>()
const versions = new Map<string, number>()

export const programOf = (defId: string): Program => {
  const program = compiled.get(defId)
  if (!program) throw new Error(`definition ${defId} is not loaded`)
  return program
}

/** Version number of a loaded definition. */
export const versionOf = (defId: string): number => versions.get(defId) ?? 0

/** Compiles a stored definition once per process. It was proven when it was deployed. */
export async function loadProgram(db: Db, defId: string): Promise<Program> {
  const known = compiled.get(defId)
  if (known) return known
  const row = await definitionById(db, defId)
  if (!row) throw new Error(`no definition ${defId}`)
  const { program, flaws } = await compile(row.key, row.xml)
  if (!program) throw new Error(`definition ${row.key} version ${row.version}: ${flaws[0]?.en ?? 'not readable'}`)
  compiled.set(defId, program)
  versions.set(defId, row.version)
  return program
}

const calledBy = (program: Program): string[] => [...program.nodes.values()].flatMap((node) => (node.kind === 'call' ? [node.called] : []))

export type Latest = ReadonlyMap<string, { defId: string; program: Program }>

/** The versions that calls out of these definitions would start now, calls of calls included. */
export async function loadCalled(ctx: Ctx, defIds: readonly string[]): Promise<Latest> {
  const latest = new Map<string, { defId: string; program: Program }>()
  let wanted = new Set<string>()
  for (const defId of defIds) for (const key of calledBy(await loadProgram(ctx.db, defId))) wanted.add(key)
  while (wanted.size > 0) {
    const rows = await latestDefinitions(ctx.db, [...wanted])
    wanted = new Set()
    for (const { id, key } of rows) {
      const program = await loadProgram(ctx.db, id)
      latest.set(key, { defId: id, program })
      for (const next of calledBy(program)) if (!latest.has(next)) wanted.add(next)
    }
    for (const key of latest.keys()) wanted.delete(key)
  }
  return latest
}
