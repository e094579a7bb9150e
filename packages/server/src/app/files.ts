import { fileApi } from '@changbai/contract/file.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { maySeeForm } from '../modules/admission/index.ts'
import { maySeeMail } from '../modules/desk/index.ts'
import { maySeeDocument } from '../modules/document/index.ts'
import { maySeeRegistration } from '../modules/identity/index.ts'
import { maySeeRound } from '../modules/inspection/index.ts'
import { maySeeTraining } from '../modules/training/index.ts'
import type { Ctx } from '../platform/ctx.ts'
import { fail } from '../platform/fail.ts'
import { fileInfo, storeFile } from '../platform/files.ts'
import { type App, mountDownload, mountUpload } from '../platform/mount.ts'
import type { Runtime } from '../platform/runtime.ts'

/** May the caller see the object that carries the file? By owner type; one line a module. */
export const fileOwners: Record<string, (ctx: Ctx, ownerId: string) => Promise<boolean>> = {
  'desk-mail': maySeeMail,
  document: maySeeDocument,
  form: maySeeForm,
  inspection: maySeeRound,
  registration: maySeeRegistration,
  training: maySeeTraining,
}

export function fileRoutes(app: App, { door }: Runtime): void {
  mountUpload(app, door, fileApi.upload, (ctx, { purpose }, { name, bytes }) => storeFile(ctx, [bytes], { name, purpose }))
  mountDownload(app, door, fileApi.download, async (ctx, { fileId }) => {
    const file = (await fileInfo(ctx.db, fileId)) ?? fail(commonProblems.notFound)
    const own = file.ownerId === null && file.uploadedBy === ctx.actor.personId
    const shared = file.ownerType !== null && file.ownerId !== null && (await fileOwners[file.ownerType]?.(ctx, file.ownerId))
    if (!own && !shared) fail(commonProblems.notFound)
    return { name: file.name, mediaType: file.mediaType, bytes: (files) => files.read(fileId) }
  })
}
