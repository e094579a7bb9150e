/** A failure the caller can act on: one definition, thrown by the server and matched by the web (RFC 9457). */
export interface ProblemKind {
  /** Stable kind, e.g. `request.not-draft`; the problem's `type` is `urn:changbai:problem:` + this. */
  readonly kind: string
  readonly status: number
  readonly title: { readonly zh: string; readonly en: string }
}

/** One thing wrong with one field: `path` addresses it as in the input, e.g. `vmItems.0.count`. */
export interface FieldError {
  path: string
  code: string
  message: string
}

/** The body of every error reply, `application/problem+json`. */
export interface ProblemBody {
  type: string
  title: string
  status: number
  detail?: string
  instance?: string
  errors?: FieldError[]
  [extension: string]: unknown
}

/** Titles may name parameters of the failure as `{name}`. */
export const problem = (kind: string, status: number, title: { zh: string; en: string }): ProblemKind => ({ kind, status, title })

/** Failures any endpoint may answer with. */
export const commonProblems = {
  invalid: problem('invalid', 400, { zh: '有内容不符合要求，请按字段提示修改', en: 'Some fields need attention' }),
  malformed: problem('malformed', 400, {
    zh: '请求内容无法识别，没有保存任何改动',
    en: 'The request could not be read; nothing was changed',
  }),
  notSignedIn: problem('not-signed-in', 401, {
    zh: '请先登录；你填写的内容仍留在本机',
    en: 'Please sign in; what you typed is kept on this device',
  }),
  forbidden: problem('forbidden', 403, { zh: '这一步不在你的职责之内', en: 'This step is not part of your duties' }),
  foreignOrigin: problem('foreign-origin', 403, {
    zh: '请求来自其他网站，已拒绝',
    en: 'The request came from another site and was refused',
  }),
  notFound: problem('not-found', 404, { zh: '没有这项内容，或你无权查看', en: 'Nothing here, or you may not see it' }),
  stale: problem('stale', 409, { zh: '内容已被他人更新，请比对后再提交', en: 'Somebody changed this meanwhile; compare, then send again' }),
  conflict: problem('conflict', 409, { zh: '与现有内容冲突', en: 'This conflicts with what is already there' }),
  tooLarge: problem('too-large', 413, { zh: '内容超过允许的大小', en: 'The content is larger than allowed' }),
  unsupportedType: problem('unsupported-type', 415, { zh: '不接受这种文件或内容类型', en: 'This type of content is not accepted' }),
  tooMany: problem('too-many', 429, { zh: '请求过于频繁，请稍候再试', en: 'Too many requests; try again shortly' }),
  internal: problem('internal', 500, {
    zh: '服务器未能完成，没有保存任何改动；编号 {requestId}',
    en: 'The server could not finish; nothing was changed. Reference {requestId}',
  }),
  diskFull: problem('disk-full', 507, {
    zh: '服务器磁盘已满，没有保存任何改动；请告知平台管理员',
    en: 'A disk of the server is full; nothing was changed. Please tell the administrator of the platform',
  }),
  unavailable: problem('unavailable', 503, {
    zh: '依赖的服务暂不可用，没有保存任何改动',
    en: 'A service this depends on is unavailable; nothing was changed',
  }),
} as const
