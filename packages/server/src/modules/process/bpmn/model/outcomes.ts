import type { Node, Program } from '../program.ts'

interface Report {
  refuse(element: string | null, zh: string, en: string): void
}

/** `review.outcome = "REJECT"` and `outcome != "REJECT"`, wherever they stand in a longer condition. */
const COMPARED = /(?:([A-Za-z_][\w-]*)\.)?\boutcome\s*!?=\s*"([^"]*)"/g

const offeredBy = (node: Node | undefined): readonly string[] =>
  node?.kind !== 'user' || node.outcomes.length === 0 ? [] : node.returnTo ? [...node.outcomes, 'RETURN'] : node.outcomes

/**
 * A condition that asks a step for a result the step never offers can never hold: a mistyped word would send every case the other way.
 * Steps that name no results are left alone, and so is a plain `outcome` on a flow, which may come from more than one step.
 */
export function checkOutcomes(program: Program, report: Report): void {
  const look = (element: string, condition: string | null, self: Node | undefined): void => {
    for (const [, step, word = ''] of (condition ?? '').matchAll(COMPARED)) {
      const offered = offeredBy(step === undefined ? self : program.nodes.get(step))
      if (offered.length === 0 || offered.includes(word)) continue
      const of = step ?? self?.id ?? ''
      report.refuse(
        element,
        `${of} 没有“${word}”这个结果，只有 ${offered.join('、')}`,
        `${of} has no outcome "${word}", only ${offered.join(', ')}`,
      )
    }
  }
  for (const flow of program.flows.values()) look(flow.id, flow.condition, undefined)
  for (const node of program.nodes.values()) if (node.kind === 'user') look(node.id, node.many?.completion ?? null, node)
}
