/** What the engine tells others; reactions are lines of app/subscriptions.ts and run in the same transaction. */
export interface TaskNotice {
  taskId: string
  instanceId: string
  rootId: string
  processKey: string
  businessKey: string
  title: string
  node: string
  name: string
  kind: 'MAIN' | 'EACH' | 'ADDED'
  formKey: string | null
  clause: string | null
  assignee: string | null
  roles: string[]
  tenantId: string | null
  applicationId: string | null
  dueAt: Temporal.Instant | null
}
export interface InstanceNotice {
  instanceId: string
  rootId: string
  parentId: string | null
  processKey: string
  businessKey: string
  title: string
  starter: string | null
  tenantId: string | null
  applicationId: string | null
}

export interface OpenStep {
  taskId: string
  name: string
  assignee: string | null
  roles: string[]
}

declare module '../../platform/ctx.ts' {
  interface Events {
    /** A task is open: new, or no longer blocked. `returned`: somebody sent it back just now. */
    'task.created': TaskNotice & {
      returned?: { byName: string; comment: string | null; reasons: { field: string; text: string }[] } | null
    }
    'task.completed': TaskNotice & { outcome: string | null; by: string | null; comment: string | null }
    'task.returned': TaskNotice & { by: string | null; toNode: string; reasons: { field: string; text: string }[]; comment: string | null }
    'task.recalled': TaskNotice & { by: string | null; comment: string | null }
    /** Somebody else has it now (转办). */
    'task.assigned': TaskNotice & { by: string | null; comment: string | null }
    /** 80 % of the limit used, 100 %, 150 %. */
    'task.reminder': TaskNotice & { percent: number }
    'task.overdue': TaskNotice & { percent: number }
    'task.escalated': TaskNotice & { percent: number }
    /** Somebody asks the handler to hurry (催办). */
    'task.urged': TaskNotice & { by: string | null; byName: string; comment: string | null }
    'instance.started': InstanceNotice
    'instance.ended': InstanceNotice & {
      status: 'COMPLETED' | 'TERMINATED' | 'CANCELLED' | 'FAILED'
      vars: Record<string, unknown>
      reason: string | null
    }
    /** The applicant asks; whoever could do one of `steps` consents or refuses. */
    'instance.cancel-requested': InstanceNotice & { by: string; byName: string; reason: string; at: Temporal.Instant; steps: OpenStep[] }
    'instance.cancel-answered': InstanceNotice & {
      consent: boolean
      by: string | null
      byName: string
      askedBy: string
      comment: string | null
    }
    'process.incident': InstanceNotice & { node: string; nodeName: string; error: string; topic: string | null }
  }
}
