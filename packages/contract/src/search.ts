import { z } from 'zod'
import { endpoint, nothing, text } from './endpoint.ts'
import { commonProblems, problem } from './problem.ts'

/** What a search finds, in the order it is shown. Pages of the menu are the browser's own. */
export const foundKinds = [
  'REQUEST',
  'ADMISSION',
  'WORK_ORDER',
  'SERVICE_REQUEST',
  'INCIDENT',
  'PROBLEM',
  'ARTICLE',
  'TASK',
  'APPLICATION',
  'SERVER',
  'VOLUME',
  'NETWORK',
  'PERSON',
  'CLAUSE',
] as const
export const FoundKind = z.enum(foundKinds)
export type FoundKind = z.infer<typeof FoundKind>

export const Found = z.object({
  /** Id of the thing itself; a clause's is its number. */
  id: z.string(),
  title: z.string(),
  /** What tells it from others of the same name: number, code, address, bureau. */
  note: z.string(),
})
export type Found = z.infer<typeof Found>

/** A list's conditions by name. `query` is what stands in the address of the list: conditions, `q`, `sort`, `columns`. */
export const SavedView = z.object({ id: z.uuid(), list: z.string(), name: z.string(), query: z.record(z.string(), z.string()) })
export type SavedView = z.infer<typeof SavedView>

const list = z.string().regex(/^[a-z][a-z-]{0,39}$/)

export const searchProblems = {
  tooManyViews: problem('search.too-many-views', 409, {
    zh: '每个清单最多保存 {max} 个视图，请先删去不用的',
    en: 'A list keeps at most {max} views; delete one that is no longer used',
  }),
} as const

export const searchApi = {
  everywhere: endpoint({
    method: 'GET',
    path: '/search',
    summary: '全局搜索：各类各取前几项，只查有权查看的内容',
    access: 'signed-in',
    /** Two characters at least: one alone would have to read every row. */
    input: z.object({ q: text(100, 2) }),
    reply: z.object({ groups: z.array(z.object({ kind: FoundKind, items: z.array(Found), more: z.boolean() })) }),
  }),
  views: endpoint({
    method: 'GET',
    path: '/saved-views',
    summary: '我保存的视图',
    access: 'signed-in',
    input: z.object({ list }),
    reply: z.object({ items: z.array(SavedView) }),
  }),
  saveView: endpoint({
    method: 'POST',
    path: '/saved-views',
    summary: '保存视图；同名的被替换',
    access: 'signed-in',
    input: z.object({
      list,
      name: text(40, 1),
      query: z
        .record(z.string().regex(/^[a-zA-Z]{1,40}$/), text(500))
        .refine((query) => Object.keys(query).length <= 30, { message: '条件不超过 30 个|At most 30 conditions' }),
    }),
    reply: SavedView,
    problems: [searchProblems.tooManyViews],
  }),
  dropView: endpoint({
    method: 'DELETE',
    path: '/saved-views/:id',
    summary: '删去视图',
    access: 'signed-in',
    input: z.object({ id: z.uuid() }),
    reply: nothing,
    problems: [commonProblems.notFound],
  }),
}
