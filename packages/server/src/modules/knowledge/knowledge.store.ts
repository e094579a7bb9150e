import type { ArticleState, Audience } from '@changbai/contract/knowledge.ts'
import { sql } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'

interface ArticleTable {
  id: string
  number: string
  title: string
  keywords: string
  body: string
  audience: Audience
  state: ArticleState
  latest_version: number
  published_version: number | null
  review_on: Temporal.PlainDate | null
  author_id: string
  author_name: string
  created_at: Temporal.Instant
  updated_at: Temporal.Instant
}
interface VersionTable {
  article_id: string
  version: number
  title: string
  keywords: string
  body: string
  audience: Audience
  note: string
  by_name: string
  at: Temporal.Instant
}
interface VoteTable {
  article_id: string
  person_id: string
  helpful: boolean
  comment: string
  at: Temporal.Instant
}
declare module '../../platform/db.ts' {
  interface Tables {
    knowledge_article: ArticleTable
    knowledge_version: VersionTable
    knowledge_vote: VoteTable
  }
}
export type ArticleRow = Row<'knowledge_article'>
export type VersionRow = Row<'knowledge_version'>

export const insertArticle = async (db: Db, row: NewRow<'knowledge_article'>): Promise<void> => {
  await db.insertInto('knowledge_article').values(row).execute()
}
export const findArticle = (db: Db, id: string): Promise<ArticleRow | undefined> =>
  db.selectFrom('knowledge_article').selectAll().where('id', '=', id).executeTakeFirst()
export const lockArticle = (db: Db, id: string): Promise<ArticleRow | undefined> =>
  db.selectFrom('knowledge_article').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const updateArticle = (db: Db, id: string, change: RowChange<'knowledge_article'>) =>
  db.updateTable('knowledge_article').set(change).where('id', '=', id).execute()

export interface ArticleFilter {
  q?: string | undefined
  state?: ArticleState | undefined
  audience?: Audience | undefined
  /** Published ones whose day of review has come. */
  reviewBy?: Temporal.PlainDate | undefined
  /** What the reader may see. */
  audiences: readonly Audience[]
  /** Editors see drafts and retired ones. */
  published: boolean
}
const TEXT = sql`number || ' ' || title || ' ' || keywords || ' ' || body`
/** Newest first, a row more than asked; ids carry their time. */
export async function listArticles(db: Db, filter: ArticleFilter, cursor: Cursor | undefined, limit: number): Promise<ArticleRow[]> {
  const like = `%${(filter.q ?? '').replace(/[\\%_]/g, '\\$&')}%`
  const { rows } = await sql<ArticleRow>`
    select * from knowledge_article
    where audience = any(${filter.audiences}::text[])
      and ${filter.published ? sql`state = 'PUBLISHED'` : sql`true`}
      and ${filter.state ? sql`state = ${filter.state}` : sql`true`}
      and ${filter.audience ? sql`audience = ${filter.audience}` : sql`true`}
      and ${filter.reviewBy ? sql`state = 'PUBLISHED' and review_on <= ${filter.reviewBy}` : sql`true`}
      and ${filter.q ? sql`zh_grams(${TEXT}) @> zh_grams(${filter.q}) and ${TEXT} ilike ${like}` : sql`true`}
      and ${cursor ? sql`id < ${cursor[1]}::uuid` : sql`true`}
    order by id desc limit ${limit + 1}`.execute(db)
  return rows
}
/** Published articles that share any two characters with what is typed, the most first. Served by knowledge_article_text. */
export async function similarArticles(db: Db, asked: string, audiences: readonly Audience[], limit: number): Promise<ArticleRow[]> {
  const { rows } = await sql<ArticleRow>`
    select knowledge_article.* from knowledge_article
    where state = 'PUBLISHED' and audience = any(${audiences}::text[]) and zh_grams(${TEXT}) && zh_grams(${asked})
    order by cardinality(array(select unnest(zh_grams(${TEXT})) intersect select unnest(zh_grams(${asked})))) desc, id desc
    limit ${limit}`.execute(db)
  return rows
}
/** Published ones whose day of review has come. Served by knowledge_article_review. */
export const articlesDueBy = (db: Db, on: Temporal.PlainDate): Promise<ArticleRow[]> =>
  db
    .selectFrom('knowledge_article')
    .selectAll()
    .where('state', '=', 'PUBLISHED')
    .where('review_on', '<=', on)
    .orderBy('review_on')
    .limit(200)
    .execute()

export const insertVersion = async (db: Db, row: NewRow<'knowledge_version'>): Promise<void> => {
  await db.insertInto('knowledge_version').values(row).execute()
}
export const versionsOf = (db: Db, articleId: string): Promise<VersionRow[]> =>
  db.selectFrom('knowledge_version').selectAll().where('article_id', '=', articleId).orderBy('version', 'desc').execute()

export const putVote = (db: Db, row: NewRow<'knowledge_vote'>) =>
  db
    .insertInto('knowledge_vote')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['article_id', 'person_id']).doUpdateSet({ helpful: row.helpful, comment: row.comment, at: row.at }),
    )
    .execute()
export const votesOf = (db: Db, articleId: string): Promise<Row<'knowledge_vote'>[]> =>
  db.selectFrom('knowledge_vote').selectAll().where('article_id', '=', articleId).orderBy('at', 'desc').limit(200).execute()
export async function countVotes(db: Db, ids: readonly string[]): Promise<Map<string, { helpful: number; unhelpful: number }>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; helpful: number; unhelpful: number }>`
    select article_id as id, count(*) filter (where helpful)::int as helpful, count(*) filter (where not helpful)::int as unhelpful
    from knowledge_vote where article_id = any(${ids}::uuid[]) group by article_id`.execute(db)
  return new Map(rows.map(({ id, ...counts }) => [id, counts]))
}
