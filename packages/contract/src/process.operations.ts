import { z } from 'zod'
import { can, canAny, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { commonProblems } from './problem.ts'
import {
  DefinitionBrief,
  DefinitionChange,
  Finding,
  Incident,
  InstanceBrief,
  InstanceStatus,
  MigrationLine,
  Proposal,
  processProblems,
} from './process.shapes.ts'

const instanceId = z.uuid()
const reason = text(2000, 1)
const comment = text(2000).optional()
const reading = canAny(['process.definition.read', 'R'], ['process.definition.read', 'r'])
const operating = can('process.instance.operate', 'X')

/** Definitions: read, checked, proposed by one and decided by another person. */
export const definitionEndpoints = {
  definitions: endpoint({
    method: 'GET',
    path: '/process-definitions',
    summary: '流程清单（现行版本）',
    access: reading,
    input: z.object({}),
    reply: z.object({ items: z.array(DefinitionBrief) }),
  }),
  versions: endpoint({
    method: 'GET',
    path: '/process-definitions/:key/versions',
    summary: '一个流程的全部版本',
    access: reading,
    input: z.object({ key: z.string().max(100) }),
    reply: z.object({ items: z.array(DefinitionBrief) }),
    problems: [commonProblems.notFound],
  }),
  definitionXml: endpoint({
    method: 'GET',
    path: '/process-definitions/:key/versions/:version',
    summary: '一个版本的流程图',
    access: reading,
    input: z.object({ key: z.string().max(100), version: z.coerce.number().int() }),
    reply: DefinitionBrief.extend({ xml: z.string() }),
    problems: [commonProblems.notFound],
  }),
  compare: endpoint({
    method: 'GET',
    path: '/process-definitions/:key/compare',
    summary: '两个版本的差别',
    access: reading,
    /** Numbers are versions; `to` may be the id of a proposal. */
    input: z.object({ key: z.string().max(100), from: z.coerce.number().int(), to: z.string().max(60) }),
    reply: z.object({ fromXml: z.string(), toXml: z.string(), changes: z.array(DefinitionChange) }),
    problems: [commonProblems.notFound],
  }),
  validate: endpoint({
    method: 'POST',
    path: '/process-definitions/validate',
    summary: '校验一份流程图',
    access: reading,
    input: z.object({ key: z.string().max(100), xml: z.string().max(2_000_000) }),
    reply: z.object({ ok: z.boolean(), findings: z.array(Finding) }),
  }),
  propose: endpoint({
    method: 'POST',
    path: '/process-definitions/:key/proposals',
    summary: '提交新版本，待第二人批准',
    access: can('process.definition.edit', 'C'),
    input: z.object({ key: z.string().regex(/^[a-z][a-z0-9-]{1,60}$/), xml: z.string().max(2_000_000), reason }),
    reply: Proposal,
    problems: [processProblems.unsound, processProblems.sameVersion],
  }),
  proposals: endpoint({
    method: 'GET',
    path: '/process-proposals',
    summary: '提交的版本',
    access: reading,
    input: z.object({ key: z.string().max(100).optional(), state: z.enum(['WAITING', 'APPROVED', 'REJECTED']).optional() }),
    reply: z.object({ items: z.array(Proposal) }),
  }),
  proposal: endpoint({
    method: 'GET',
    path: '/process-proposals/:proposalId',
    summary: '一份提交的版本',
    access: reading,
    input: z.object({ proposalId: z.uuid() }),
    reply: Proposal.extend({ xml: z.string() }),
    problems: [commonProblems.notFound],
  }),
  decide: endpoint({
    method: 'POST',
    path: '/process-proposals/:proposalId/decide',
    summary: '批准或驳回新版本',
    access: can('process.definition.edit', 'A'),
    input: z.object({ proposalId: z.uuid(), approve: z.boolean(), comment }),
    reply: Proposal,
    problems: [processProblems.selfApproval, processProblems.proposalDecided, processProblems.unsound, commonProblems.notFound],
  }),
} as const

/** Running instances as operators see them. */
export const operationEndpoints = {
  operations: endpoint({
    method: 'GET',
    path: '/process-operations/instances',
    summary: '运行中的流程',
    access: operating,
    input: pageInput.extend({
      processKey: z.string().max(100).optional(),
      status: InstanceStatus.optional(),
      q: text(100).optional(),
      /** incident: something failed; overdue: a step past its limit; idle: nothing moved for 7 days. */
      stuck: z.enum(['incident', 'overdue', 'idle']).optional(),
    }),
    reply: page(InstanceBrief.extend({ at: z.array(z.string()), movedAt: instant, incidents: z.int(), overdue: z.int() })),
  }),
  incidents: endpoint({
    method: 'GET',
    path: '/process-operations/incidents',
    summary: '流程异常',
    access: operating,
    input: pageInput.extend({ processKey: z.string().max(100).optional() }),
    reply: page(Incident),
  }),
  retry: endpoint({
    method: 'POST',
    path: '/process-operations/incidents/:incidentId/retry',
    summary: '再试',
    access: can('process.instance.operate', 'X'),
    input: z.object({ incidentId: z.uuid(), comment: reason }),
    reply: InstanceBrief,
    problems: [processProblems.noIncident, commonProblems.notFound],
  }),
  migrationPreview: endpoint({
    method: 'POST',
    path: '/process-operations/migrations/preview',
    summary: '迁移试算，不改动',
    access: operating,
    input: z.object({
      key: z.string().max(100),
      toVersion: z.int(),
      map: z.record(z.string(), z.string()).default({}),
      instanceIds: z.array(z.uuid()).max(500).optional(),
    }),
    reply: z.object({ lines: z.array(MigrationLine), movable: z.int(), left: z.int() }),
    problems: [commonProblems.notFound],
  }),
  migrate: endpoint({
    method: 'POST',
    path: '/process-operations/migrations',
    summary: '把在办实例迁到另一版本',
    access: can('process.instance.migrate', 'X'),
    input: z.object({
      key: z.string().max(100),
      toVersion: z.int(),
      map: z.record(z.string(), z.string()).default({}),
      instanceIds: z.array(z.uuid()).min(1).max(500),
      comment: reason,
    }),
    reply: z.object({ lines: z.array(MigrationLine), movable: z.int(), left: z.int() }),
    problems: [commonProblems.notFound],
  }),
  terminate: endpoint({
    method: 'POST',
    path: '/process-operations/instances/:instanceId/cancel',
    summary: '终止实例',
    access: can('process.instance.operate', 'X'),
    input: z.object({ instanceId, reason }),
    reply: InstanceBrief,
    problems: [processProblems.ended, commonProblems.notFound],
  }),
} as const
