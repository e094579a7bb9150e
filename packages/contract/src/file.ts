import { z } from 'zod'
import { endpoint, text } from './endpoint.ts'
import { commonProblems, problem } from './problem.ts'

export const fileProblems = {
  lyingType: problem('file.lying-type', 415, {
    zh: '“{name}”的内容与它的类型不符，或不接受这种类型，没有保存',
    en: '“{name}” is not what its type says, or of a type not accepted; it was not stored',
  }),
  tooLarge: problem('file.too-large', 413, { zh: '“{name}”超过 50 MB，没有保存', en: '“{name}” is larger than 50 MB; it was not stored' }),
  storeDown: problem('file.store-down', 503, {
    zh: '存放附件的对象存储暂时连不上；“{name}”没有丢失，请稍后再取',
    en: 'The object storage that keeps attachments does not answer now; “{name}” is not lost, try again later',
  }),
  damaged: problem('file.damaged', 502, {
    zh: '“{name}”在对象存储中缺失或已被改动，与入库时的摘要不符，没有给出；请告知系统管理员',
    en: '“{name}” is missing from the object storage or was changed there: it does not match its digest and was not handed out. Tell the system administrator',
  }),
  infected: problem('file.infected', 422, {
    zh: '“{name}”被查出恶意代码（{found}），没有保存；请在安全的电脑上处理后重新上传',
    en: '“{name}” holds malware ({found}) and was not stored; clean it on a safe computer, then upload it again',
  }),
  scannerDown: problem('file.scanner-down', 503, {
    zh: '查毒程序暂时不可用，“{name}”没有保存，请稍后再传',
    en: 'The malware scanner is unavailable; “{name}” was not stored, try again later',
  }),
  empty: problem('file.empty', 400, { zh: '“{name}”是空文件，没有保存', en: '“{name}” is empty; it was not stored' }),
}

export const FileInfo = z.object({
  id: z.uuid(),
  name: z.string(),
  mediaType: z.string(),
  sizeBytes: z.int(),
  digest: z.string(),
  digestAlgorithm: z.enum(['SHA-256', 'SM3']),
})
export type FileInfo = z.infer<typeof FileInfo>

export const fileApi = {
  upload: endpoint({
    method: 'POST',
    path: '/files',
    kind: 'file',
    summary: '上传附件，随后由表单引用；三十日内未被引用即删除',
    access: 'signed-in',
    input: z.object({ purpose: text(60, 1) }),
    reply: FileInfo,
    problems: [fileProblems.lyingType, fileProblems.tooLarge, fileProblems.empty, fileProblems.infected, fileProblems.scannerDown],
  }),
  download: endpoint({
    method: 'GET',
    path: '/files/:fileId/content',
    kind: 'download',
    summary: '下载附件；权限随其所属单据',
    access: 'signed-in',
    input: z.object({ fileId: z.uuid() }),
    reply: z.unknown(),
    problems: [commonProblems.notFound, fileProblems.storeDown, fileProblems.damaged],
  }),
}
