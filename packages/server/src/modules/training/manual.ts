import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ROLES } from '@changbai/contract/capability.ts'
import type { Input } from '@changbai/contract/endpoint.ts'
import { manualOf } from '@changbai/contract/manual.text.ts'
import type { manualApi } from '@changbai/contract/manual.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Download } from '../../platform/mount.ts'
import { wallTime } from '../../platform/sheets.ts'
import { headingOf, noteOf, packPaper, pictureOf, textOf, titleOf } from '../admission/index.ts'

const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
/** Beside the built pages, where `npm run manual` writes them and the browser fetches them; a manual without them has its words only. */
const PICTURES = resolve(import.meta.dirname, '../../../../web/dist/manual')

/** Width and height of a PNG stand at fixed places of its first chunk. */
const sizeOf = (png: Buffer): { width: number; height: number } => ({ width: png.readUInt32BE(16), height: png.readUInt32BE(20) })

/** The manual of one role: the training material of whoever begins in it. */
export async function printManual(ctx: Ctx, { role }: Input<typeof manualApi.print>, pictures = PICTURES): Promise<Download> {
  const lang = ctx.locale === 'en-US' ? 'en' : 'zh'
  const title = lang === 'en' ? `Changbai: manual for ${ROLES[role].en}` : `长白用户手册：${ROLES[role].zh}`
  const blocks = manualOf(role).flatMap((task, index) => {
    const file = join(pictures, `${task.id}.${ctx.locale}.png`)
    const png = existsSync(file) ? readFileSync(file) : null
    return [
      headingOf(`${index + 1}. ${task.title[lang]}`),
      ...textOf(task.why[lang]),
      ...task.steps.flatMap((step, at) => textOf(`${at + 1}) ${step[lang]}`)),
      ...(png ? [pictureOf(png, sizeOf(png).width, sizeOf(png).height, task.title[lang])] : []),
    ]
  })
  const bytes = await packPaper([titleOf(title), ...blocks, noteOf(wallTime(ctx.now.toString()) ?? '')], { title, number: role })
  await ctx.record({ kind: 'manual.printed', subject: { type: 'manual', id: role }, data: { digest: sha256Hex(bytes) } })
  return { name: `${title}.docx`, mediaType: WORD, bytes }
}
