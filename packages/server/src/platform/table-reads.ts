import type { KyselyPlugin, RootOperationNode } from 'kysely'
import type { Ctx } from './ctx.ts'

const WORD = /[a-z_][a-z0-9_]*/g

/** Every word of a statement that may be a table's name; more than there are tables does no harm. */
function namesIn(node: unknown, found: Set<string>): void {
  if (Array.isArray(node)) {
    for (const one of node) namesIn(one, found)
    return
  }
  if (typeof node !== 'object' || node === null || !('kind' in node)) return
  if (node.kind === 'IdentifierNode' && 'name' in node) found.add(String(node.name))
  if (node.kind === 'RawNode' && 'sqlFragments' in node)
    for (const fragment of node.sqlFragments as readonly string[]) for (const [word] of fragment.matchAll(WORD)) found.add(word)
  for (const value of Object.values(node)) namesIn(value, found)
}

const plugin = (found: Set<string>): KyselyPlugin => ({
  transformQuery({ node }): RootOperationNode {
    namesIn(node, found)
    return node
  },
  transformResult: async ({ result }) => result,
})

const noted = new WeakMap<Ctx, Set<string>>()

/** The same command, noting what its statements name from here on. */
export function notingReads(ctx: Ctx): { ctx: Ctx; names: ReadonlySet<string> } {
  const names = new Set<string>()
  const noting = { ...ctx, db: ctx.db.withPlugin(plugin(names)) }
  noted.set(noting, names)
  return { ctx: noting, names }
}

/** What was read for somebody else and is used here as well counts as read here. */
export function noteAlso(ctx: Ctx, names: ReadonlySet<string>): void {
  const own = noted.get(ctx)
  if (own) for (const name of names) own.add(name)
}
