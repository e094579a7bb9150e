import { resolve } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { offeredMeasures, sourceOf } from '../modules/compliance/judge.ts'
import { measures } from '../modules/plan/domain/measures.ts'
import { readPlanFolder } from '../modules/plan/offline.ts'
import { registerClauses } from './clauses.ts'

/**
 * Measures that nothing records yet; the board shows their clauses as without data. A line leaves this list with the feature that records it, and
 * none may be added: a new clause comes with its source.
 */
const notRecorded: readonly string[] = []

describe('every clause of the plan is judged by what a module records', () => {
  registerClauses()
  const { plan, problems } = readPlanFolder(resolve(import.meta.dirname, '../../../../plan/jilin'))
  it('reads the plan', () => expect([problems, (plan?.clauses.length ?? 0) > 80]).toEqual([[], true]))
  test.each((plan?.clauses ?? []).map((clause) => [clause.id, clause] as const))('%s', (_, clause) => {
    expect(clause.meter, 'names no meter').toBeDefined()
    expect(sourceOf(clause) !== undefined, `nothing records ${clause.of} by ${clause.meter}`).toBe(!notRecorded.includes(clause.of ?? ''))
  })
  it('a plan is checked against exactly what the modules offer', () => {
    const listed = Object.entries(measures).flatMap(([meter, names]) => names.map((of) => `${of} ${meter}`))
    expect(listed.toSorted()).toEqual(offeredMeasures())
  })
  it('the list names only measures of the plan', () => {
    const measures = plan?.clauses.map(({ of }) => of)
    expect(notRecorded.filter((one) => !measures?.includes(one))).toEqual([])
  })
})
