/** An open step of a matter, as the engine told of it. */
export interface Step {
  taskId: string
  node: string
  name: string
  assigneeName: string | null
  candidateRoles: string[]
  since: string
  dueAt: string | null
}

/** A node is open once: a later notice of the same node takes the place of the older. */
export const openStep = (steps: readonly Step[], step: Step): Step[] => [...steps.filter((one) => one.node !== step.node), step]

export const closeStep = (steps: readonly Step[], taskId: string): Step[] => steps.filter((one) => one.taskId !== taskId)

/** A return takes back whatever was open beside it; only the step it leads to stays open. */
export const returnSteps = (steps: readonly Step[], toNode: string): Step[] => steps.filter((one) => one.node === toNode)

/** The step to show: the one that falls due first, or the oldest. */
export function currentStep(steps: readonly Step[]): Step | null {
  const key = (step: Step) => `${step.dueAt ?? '9999'} ${step.since}`
  return [...steps].sort((a, b) => (key(a) < key(b) ? -1 : 1))[0] ?? null
}
