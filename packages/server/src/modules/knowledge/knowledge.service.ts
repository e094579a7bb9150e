import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import {
  type ArticleDetail,
  type ArticleSummary,
  type Audience,
  type knowledgeApi,
  knowledgeProblems,
} from '@changbai/contract/knowledge.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan, personOf, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { likenessOf } from '../../platform/likeness.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { audiencesFor, excerptOf, isReviewDay } from './knowledge.domain.ts'
import {
  type ArticleRow,
  countVotes,
  findArticle,
  insertArticle,
  insertVersion,
  listArticles,
  lockArticle,
  putVote,
  similarArticles,
  updateArticle,
  versionsOf,
  votesOf,
} from './knowledge.store.ts'

type Api = typeof knowledgeApi

export const mayEdit = (ctx: Ctx): boolean => actorCan(ctx.actor, 'knowledge.edit', 'U')
export function myAudiences(ctx: Ctx): Audience[] {
  const scope = scopeOf(ctx.actor, 'knowledge.read', 'R')
  return audiencesFor(
    scope.all && actorCan(ctx.actor, 'knowledge.read', 'R'),
    ctx.actor.grants.some((grant) => grant.tenantId !== null || grant.applicationId !== null),
  )
}

/** What the reader may not see does not exist. */
async function reach(ctx: Ctx, id: string, lock = false): Promise<ArticleRow> {
  const row = (await (lock ? lockArticle : findArticle)(ctx.db, id)) ?? fail(commonProblems.notFound)
  const seen = myAudiences(ctx).includes(row.audience) && (row.state === 'PUBLISHED' || mayEdit(ctx))
  return seen ? row : fail(commonProblems.notFound)
}
async function current(ctx: Ctx, id: string): Promise<ArticleRow> {
  const row = await reach(ctx, id, true)
  return row.state === 'RETIRED' ? fail(knowledgeProblems.retired) : row
}

const toSummary = (ctx: Ctx, row: ArticleRow, votes: { helpful: number; unhelpful: number } | undefined): ArticleSummary => ({
  id: row.id,
  number: row.number,
  title: row.title,
  keywords: row.keywords,
  audience: row.audience,
  state: row.state,
  version: row.published_version ?? row.latest_version,
  hasDraft: mayEdit(ctx) && row.latest_version > (row.published_version ?? 0),
  reviewOn: row.review_on?.toString() ?? null,
  isReviewDue: row.state === 'PUBLISHED' && row.review_on !== null && Temporal.PlainDate.compare(row.review_on, shanghaiDay(ctx.now)) <= 0,
  helpful: votes?.helpful ?? 0,
  unhelpful: votes?.unhelpful ?? 0,
  updatedAt: row.updated_at.toString(),
})

async function toDetail(ctx: Ctx, row: ArticleRow): Promise<ArticleDetail> {
  const votes = await votesOf(ctx.db, row.id)
  const counts = (await countVotes(ctx.db, [row.id])).get(row.id)
  const editor = mayEdit(ctx)
  return {
    ...toSummary(ctx, row, counts),
    body: row.body,
    authorName: row.author_name,
    versions: editor
      ? (await versionsOf(ctx.db, row.id)).map(({ article_id: _, by_name, at, ...one }) => ({
          ...one,
          byName: by_name,
          at: at.toString(),
          isPublished: one.version === row.published_version,
        }))
      : [],
    comments: editor
      ? votes.filter((one) => one.comment !== '').map(({ helpful, comment, at }) => ({ helpful, comment, at: at.toString() }))
      : [],
    myVote: votes.find((one) => one.person_id === ctx.actor.personId)?.helpful ?? null,
    mayEdit: editor,
  }
}
const detail = async (ctx: Ctx, id: string): Promise<ArticleDetail> => toDetail(ctx, (await findArticle(ctx.db, id)) as ArticleRow)
const recordOf = (ctx: Ctx, id: string, kind: string, data: object = {}) =>
  ctx.record({ kind: `knowledge.${kind}`, subject: { type: 'knowledge', id }, data })

export async function listArticlePage(ctx: Ctx, input: Input<Api['list']>): Promise<Reply<Api['list']>> {
  const { q, state, audience, reviewDue, after, limit } = input
  const reviewBy = reviewDue ? shanghaiDay(ctx.now) : undefined
  const filter = { q: q?.trim() || undefined, state, audience, reviewBy, audiences: myAudiences(ctx), published: !mayEdit(ctx) }
  const { items, next } = pageOf(await listArticles(ctx.db, filter, readCursor(after), limit), limit, (row) => ['', row.id])
  const votes = await countVotes(
    ctx.db,
    items.map((row) => row.id),
  )
  return { items: items.map((row) => toSummary(ctx, row, votes.get(row.id))), next }
}

const SUGGESTED = 5
/** Candidates the database finds by any shared piece; likeness then orders them. */
const CANDIDATES = 30
/** Of a sentence typed at a telephone a fifth is enough to be worth a look. */
const LIKENESS_MIN = 0.2
export async function suggestArticles(ctx: Ctx, { q }: Input<Api['suggest']>): Promise<Reply<Api['suggest']>> {
  const rows = await similarArticles(ctx.db, q, myAudiences(ctx), CANDIDATES)
  return {
    items: rows
      .map((row) => ({
        id: row.id,
        number: row.number,
        title: row.title,
        excerpt: excerptOf(row.body, q, likenessOf),
        likeness: likenessOf(q, `${row.title} ${row.keywords} ${row.body}`),
      }))
      .filter((one) => one.likeness >= LIKENESS_MIN)
      .sort((a, b) => b.likeness - a.likeness)
      .slice(0, SUGGESTED),
  }
}

export const getArticle = async (ctx: Ctx, { articleId }: Input<Api['get']>): Promise<Reply<Api['get']>> =>
  toDetail(ctx, await reach(ctx, articleId))

export async function writeArticle(ctx: Ctx, { note, ...words }: Input<Api['write']>): Promise<Reply<Api['write']>> {
  const id = newId()
  await insertArticle(ctx.db, {
    id,
    number: await nextNumber(ctx.db, 'ZS', shanghaiDay(ctx.now)),
    ...words,
    state: 'DRAFT',
    latest_version: 1,
    published_version: null,
    review_on: null,
    author_id: personOf(ctx.actor),
    author_name: ctx.actor.name,
    created_at: ctx.now,
    updated_at: ctx.now,
  })
  await insertVersion(ctx.db, { article_id: id, version: 1, ...words, note, by_name: ctx.actor.name, at: ctx.now })
  await recordOf(ctx, id, 'written', { title: words.title, audience: words.audience })
  return detail(ctx, id)
}

/** Readers go on reading what is published; who may read changes with the publication too. */
export async function reviseArticle(ctx: Ctx, input: Input<Api['revise']>): Promise<Reply<Api['revise']>> {
  const { articleId, basedOn, note, ...words } = input
  const row = await current(ctx, articleId)
  if (basedOn !== row.latest_version) {
    const [latest] = await versionsOf(ctx.db, row.id)
    fail(knowledgeProblems.changed, { by: latest?.by_name ?? '', version: row.latest_version })
  }
  const version = row.latest_version + 1
  await insertVersion(ctx.db, { article_id: row.id, version, ...words, note, by_name: ctx.actor.name, at: ctx.now })
  await updateArticle(ctx.db, row.id, { latest_version: version, updated_at: ctx.now, ...(row.published_version === null ? words : {}) })
  await recordOf(ctx, row.id, 'revised', { version, note })
  return detail(ctx, row.id)
}

function readReviewDay(ctx: Ctx, on: string): Temporal.PlainDate {
  const days = ctx.plan.number('knowledge.reviewDays')
  const reviewOn = Temporal.PlainDate.from(on)
  return isReviewDay(reviewOn, shanghaiDay(ctx.now), days) ? reviewOn : fail(knowledgeProblems.reviewDay, { days })
}
export async function publishArticle(ctx: Ctx, { articleId, reviewOn }: Input<Api['publish']>): Promise<Reply<Api['publish']>> {
  const row = await current(ctx, articleId)
  const review_on = readReviewDay(ctx, reviewOn)
  if (row.published_version === row.latest_version) fail(knowledgeProblems.nothingNew)
  const [latest] = await versionsOf(ctx.db, row.id)
  if (!latest) throw new Error(`article ${row.id} has no version`)
  const { title, keywords, body, audience, version } = latest
  const change = { title, keywords, body, audience, state: 'PUBLISHED' as const, published_version: version, review_on }
  await updateArticle(ctx.db, row.id, { ...change, updated_at: ctx.now })
  await recordOf(ctx, row.id, 'published', { version, audience, reviewOn })
  return detail(ctx, row.id)
}
export async function reviewArticle(ctx: Ctx, { articleId, reviewOn }: Input<Api['review']>): Promise<Reply<Api['review']>> {
  const row = await current(ctx, articleId)
  if (row.state !== 'PUBLISHED') fail(commonProblems.notFound)
  await updateArticle(ctx.db, row.id, { review_on: readReviewDay(ctx, reviewOn) })
  await recordOf(ctx, row.id, 'reviewed', { version: row.published_version, reviewOn })
  return detail(ctx, row.id)
}
export async function retireArticle(ctx: Ctx, { articleId, reason }: Input<Api['retire']>): Promise<Reply<Api['retire']>> {
  const row = await current(ctx, articleId)
  await updateArticle(ctx.db, row.id, { state: 'RETIRED', updated_at: ctx.now })
  await recordOf(ctx, row.id, 'retired', { reason })
  return detail(ctx, row.id)
}
export async function voteOnArticle(ctx: Ctx, { articleId, helpful, comment }: Input<Api['vote']>): Promise<Reply<Api['vote']>> {
  const row = await reach(ctx, articleId)
  await putVote(ctx.db, { article_id: row.id, person_id: personOf(ctx.actor), helpful, comment, at: ctx.now })
  await recordOf(ctx, row.id, 'voted', { helpful })
  return detail(ctx, row.id)
}
