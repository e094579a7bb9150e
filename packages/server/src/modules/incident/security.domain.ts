import type { SecurityGrade, SecurityQuestion } from '@changbai/contract/incident-care.ts'

/** The gravest grade any answer reaches; at a threshold counts as reached, not asked counts as nothing. */
export function gradeOf(questions: readonly SecurityQuestion[], answers: Readonly<Record<string, number>>): SecurityGrade {
  const reached = (of: 'extraordinary' | 'major' | 'larger') => questions.some((one) => (answers[one.key] ?? 0) >= one[of])
  if (reached('extraordinary')) return 'EXTRAORDINARY'
  if (reached('major')) return 'MAJOR'
  return reached('larger') ? 'LARGER' : 'GENERAL'
}

/** When the authority must know: one limit for critical infrastructure, another for all others; null for a general event. */
export const reportDueAt = (
  grade: SecurityGrade,
  isCritical: boolean,
  knownAt: Temporal.Instant,
  hours: { critical: number; other: number },
): Temporal.Instant | null => (grade === 'GENERAL' ? null : knownAt.add({ hours: isCritical ? hours.critical : hours.other }))
