import { z } from 'zod'
import { can, day, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { problem } from './problem.ts'

/** Who may read an article: provider and customer only, bureaus too, or third parties too. */
export const Audience = z.enum(['PROVIDER', 'BUREAU', 'ALL'])
export type Audience = z.output<typeof Audience>
export const ArticleState = z.enum(['DRAFT', 'PUBLISHED', 'RETIRED'])
export type ArticleState = z.output<typeof ArticleState>

export const knowledgeProblems = {
  changed: problem('knowledge.changed', 409, {
    zh: '{by} 已写出第 {version} 版，请先看过再改',
    en: '{by} has written version {version}; read it first',
  }),
  nothingNew: problem('knowledge.nothing-new', 409, { zh: '没有待发布的版本', en: 'There is no version to publish' }),
  retired: problem('knowledge.retired', 409, { zh: '知识已停用', en: 'The article is retired' }),
  reviewDay: problem('knowledge.review-day', 422, {
    zh: '复审日期须晚于今天，且不超过 {days} 天',
    en: 'The day of review lies ahead, {days} days at most',
  }),
}

export const ArticleSummary = z.object({
  id: z.uuid(),
  number: z.string(),
  title: z.string(),
  keywords: z.string(),
  audience: Audience,
  state: ArticleState,
  version: z.int(),
  /** A version is written that is not published yet. */
  hasDraft: z.boolean(),
  reviewOn: day.nullable(),
  isReviewDue: z.boolean(),
  helpful: z.int(),
  unhelpful: z.int(),
  updatedAt: instant,
})
export type ArticleSummary = z.output<typeof ArticleSummary>

const words = { title: text(120, 2), keywords: text(200).default(''), body: text(40_000, 2), audience: Audience }
export const ArticleDetail = ArticleSummary.extend({
  body: z.string(),
  authorName: z.string(),
  /** For editors: every version, the newest first. */
  versions: z.array(
    z.object({
      version: z.int(),
      title: z.string(),
      keywords: z.string(),
      body: z.string(),
      audience: Audience,
      note: z.string(),
      byName: z.string(),
      at: instant,
      isPublished: z.boolean(),
    }),
  ),
  /** What readers wrote beside their vote; for editors. */
  comments: z.array(z.object({ helpful: z.boolean(), comment: z.string(), at: instant })),
  myVote: z.boolean().nullable(),
  mayEdit: z.boolean(),
})
export type ArticleDetail = z.output<typeof ArticleDetail>

export const Suggestion = z.object({
  id: z.uuid(),
  number: z.string(),
  title: z.string(),
  /** The piece of the text that says it. */
  excerpt: z.string(),
  /** Share of what was typed that stands in the article, 0..1. */
  likeness: z.number(),
})

const read = can('knowledge.read', 'r')
const edit = can('knowledge.edit', 'U')
const ofArticle = z.object({ articleId: z.uuid() })

export const knowledgeApi = {
  list: endpoint({
    method: 'GET',
    path: '/knowledge',
    summary: '知识，新的在前；只列有权阅读的',
    access: read,
    input: pageInput.extend({
      q: text(100).optional(),
      state: ArticleState.optional(),
      audience: Audience.optional(),
      reviewDue: z.stringbool().optional(),
    }),
    reply: page(ArticleSummary),
  }),
  /** While somebody types: what may answer it. */
  suggest: endpoint({
    method: 'GET',
    path: '/knowledge/suggestions',
    summary: '按正在输入的文字推荐知识',
    access: read,
    input: z.object({ q: text(300, 2) }),
    reply: z.object({ items: z.array(Suggestion) }),
  }),
  get: endpoint({
    method: 'GET',
    path: '/knowledge/:articleId',
    summary: '一篇知识',
    access: read,
    input: ofArticle,
    reply: ArticleDetail,
  }),
  write: endpoint({
    method: 'POST',
    path: '/knowledge',
    summary: '写一篇知识（草稿）',
    access: can('knowledge.edit', 'C'),
    input: z.object({ ...words, note: text(200).default('') }),
    reply: ArticleDetail,
  }),
  revise: endpoint({
    method: 'POST',
    path: '/knowledge/:articleId/versions',
    summary: '写新版本；读者仍看已发布的版本',
    access: edit,
    input: ofArticle.extend({ ...words, note: text(200, 1), basedOn: z.int().min(1) }),
    reply: ArticleDetail,
    problems: [knowledgeProblems.changed, knowledgeProblems.retired],
  }),
  publish: endpoint({
    method: 'POST',
    path: '/knowledge/:articleId/publish',
    summary: '发布最新版本，并定复审日期',
    access: edit,
    input: ofArticle.extend({ reviewOn: day }),
    reply: ArticleDetail,
    problems: [knowledgeProblems.nothingNew, knowledgeProblems.reviewDay, knowledgeProblems.retired],
  }),
  review: endpoint({
    method: 'POST',
    path: '/knowledge/:articleId/review',
    summary: '复审：内容仍然正确，定下次复审日期',
    access: edit,
    input: ofArticle.extend({ reviewOn: day }),
    reply: ArticleDetail,
    problems: [knowledgeProblems.reviewDay, knowledgeProblems.retired],
  }),
  retire: endpoint({
    method: 'POST',
    path: '/knowledge/:articleId/retire',
    summary: '停用',
    access: edit,
    input: ofArticle.extend({ reason: text(500, 1) }),
    reply: ArticleDetail,
    problems: [knowledgeProblems.retired],
  }),
  vote: endpoint({
    method: 'POST',
    path: '/knowledge/:articleId/vote',
    summary: '有用或没用；可改，不预设',
    access: read,
    input: ofArticle.extend({ helpful: z.boolean(), comment: text(500).default('') }),
    reply: ArticleDetail,
  }),
}
