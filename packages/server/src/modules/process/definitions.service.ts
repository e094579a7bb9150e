import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { type DefinitionBrief, type Proposal, type processApi, processProblems } from '@changbai/contract/process.ts'
import { personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { compareDefinitions } from './bpmn/model/compare.ts'
import type { Flaw } from './bpmn/program.ts'
import {
  currentDefinitions,
  type DefSummary,
  definitionVersion,
  insertProposal,
  latestDefinition,
  lockProposal,
  type ProposalRow,
  proposalById,
  proposalsOf,
  updateProposal,
  versionsOf,
} from './definitions.store.ts'
import { checkForDeployment, deployVersion, sha256Of } from './deploy.ts'

const toFindings = (ctx: Ctx, flaws: readonly Flaw[]) =>
  flaws.map(({ element, zh, en, level }) => ({ element, reason: ctx.locale === 'en-US' ? en : zh, level }))

const toDefinition = (row: DefSummary): DefinitionBrief => ({
  key: row.key,
  name: row.name,
  version: row.version,
  sha256: row.sha256,
  deployedAt: row.deployed_at.toString(),
  deployedBy: { personId: row.deployed_by, name: row.deployed_by_name },
  approvedBy: row.approved_by === null ? null : { personId: row.approved_by, name: row.approved_by_name ?? '' },
  reason: row.reason,
  openInstances: row.open_instances,
  versions: row.versions,
})

const toProposal = (row: ProposalRow, findings: Proposal['findings']): Proposal => ({
  id: row.id,
  key: row.key,
  name: row.name,
  baseVersion: row.base_version,
  sha256: row.sha256,
  reason: row.reason,
  proposedBy: { personId: row.proposed_by, name: row.proposed_by_name },
  proposedAt: row.proposed_at.toString(),
  state: row.state,
  decidedBy: row.decided_by === null ? null : { personId: row.decided_by, name: row.decided_by_name ?? '' },
  decidedAt: row.decided_at?.toString() ?? null,
  comment: row.comment,
  version: row.version,
  findings,
})

export const listDefinitions = async (ctx: Ctx): Promise<Reply<typeof processApi.definitions>> => ({
  items: (await currentDefinitions(ctx.db)).map(toDefinition),
})

export async function listVersions(ctx: Ctx, { key }: Input<typeof processApi.versions>): Promise<Reply<typeof processApi.versions>> {
  const rows = await versionsOf(ctx.db, key)
  if (rows.length === 0) fail(commonProblems.notFound)
  return { items: rows.map(toDefinition) }
}

export async function readDefinition(
  ctx: Ctx,
  { key, version }: Input<typeof processApi.definitionXml>,
): Promise<Reply<typeof processApi.definitionXml>> {
  const summary = (await versionsOf(ctx.db, key)).find((row) => row.version === version) ?? fail(commonProblems.notFound)
  const row = (await definitionVersion(ctx.db, key, version)) ?? fail(commonProblems.notFound)
  return { ...toDefinition(summary), xml: row.xml }
}

export async function compareVersions(
  ctx: Ctx,
  { key, from, to }: Input<typeof processApi.compare>,
): Promise<Reply<typeof processApi.compare>> {
  const before = (await definitionVersion(ctx.db, key, from)) ?? fail(commonProblems.notFound)
  const after = /^\d{1,9}$/.test(to)
    ? await definitionVersion(ctx.db, key, Number(to))
    : /^[0-9a-f-]{36}$/.test(to)
      ? await proposalById(ctx.db, to)
      : undefined
  if (!after || after.key !== key) return fail(commonProblems.notFound)
  return { fromXml: before.xml, toXml: after.xml, changes: await compareDefinitions(before.xml, after.xml) }
}

export async function validateDefinition(
  ctx: Ctx,
  { key, xml }: Input<typeof processApi.validate>,
): Promise<Reply<typeof processApi.validate>> {
  const { program, flaws } = await checkForDeployment(ctx, key, xml)
  return { ok: program !== null, findings: toFindings(ctx, flaws) }
}

/** A new version goes to a second person; nothing runs by it before. */
export async function proposeVersion(
  ctx: Ctx,
  { key, xml, reason }: Input<typeof processApi.propose>,
): Promise<Reply<typeof processApi.propose>> {
  const { program, flaws } = await checkForDeployment(ctx, key, xml)
  const findings = toFindings(ctx, flaws)
  if (!program) return fail(processProblems.unsound, { findings })
  const before = await latestDefinition(ctx.db, key)
  const sha256 = sha256Of(xml)
  if (before?.sha256 === sha256) fail(processProblems.sameVersion, { version: before.version })
  const row: ProposalRow = {
    id: newId(),
    key,
    name: program.name,
    base_version: before?.version ?? 0,
    sha256,
    xml,
    reason,
    proposed_by: personOf(ctx.actor),
    proposed_by_name: ctx.actor.name,
    proposed_at: ctx.now,
    state: 'WAITING',
    decided_by: null,
    decided_by_name: null,
    decided_at: null,
    comment: null,
    version: null,
  }
  await insertProposal(ctx.db, row)
  await ctx.record({ kind: 'process.proposed', subject: { type: 'process', id: key }, after: { proposal: row.id, sha256, reason } })
  return toProposal(row, findings)
}

export const listProposals = async (ctx: Ctx, input: Input<typeof processApi.proposals>): Promise<Reply<typeof processApi.proposals>> => ({
  items: (await proposalsOf(ctx.db, input)).map((row) => toProposal(row, [])),
})

export async function readProposal(
  ctx: Ctx,
  { proposalId }: Input<typeof processApi.proposal>,
): Promise<Reply<typeof processApi.proposal>> {
  const row = (await proposalById(ctx.db, proposalId)) ?? fail(commonProblems.notFound)
  const { flaws } = await checkForDeployment(ctx, row.key, row.xml)
  return { ...toProposal(row, toFindings(ctx, flaws)), xml: row.xml }
}

/** The second person: never who proposed. Checked once more, because handlers or the plan may have changed since. */
export async function decideProposal(
  ctx: Ctx,
  { proposalId, approve, comment }: Input<typeof processApi.decide>,
): Promise<Reply<typeof processApi.decide>> {
  const by = { personId: personOf(ctx.actor), name: ctx.actor.name }
  const row = (await lockProposal(ctx.db, proposalId)) ?? fail(commonProblems.notFound)
  if (row.state !== 'WAITING') {
    fail(processProblems.proposalDecided, { by: row.decided_by_name ?? '', at: row.decided_at?.toString() ?? '' })
  }
  if (row.proposed_by === by.personId) fail(processProblems.selfApproval)
  const { program, flaws } = await checkForDeployment(ctx, row.key, row.xml)
  const findings = toFindings(ctx, flaws)
  let version: number | null = null
  if (approve) {
    if (!program) return fail(processProblems.unsound, { findings })
    const proposer = { personId: row.proposed_by, name: row.proposed_by_name }
    const deployed = await deployVersion(ctx, program, { key: row.key, xml: row.xml, reason: row.reason, by: proposer, approvedBy: by })
    version = deployed.version
  }
  const change = {
    state: approve ? ('APPROVED' as const) : ('REJECTED' as const),
    decided_by: by.personId,
    decided_by_name: by.name,
    decided_at: ctx.now,
    comment: comment ?? null,
    version,
  }
  await updateProposal(ctx.db, row.id, change)
  const kind = approve ? 'process.version-approved' : 'process.version-rejected'
  await ctx.record({ kind, subject: { type: 'process', id: row.key }, data: { proposal: row.id, version, comment: comment ?? null } })
  return toProposal({ ...row, ...change }, findings)
}
