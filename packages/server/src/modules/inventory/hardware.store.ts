import type { Db } from '../../platform/db.ts'

declare module '../../platform/db.ts' {
  interface Tables {
    hardware_acceptance_test: {
      id: string
      hardware_model_id: string
      result: string
      checks: string
      comment: string
      file_ids: string
      by_person_id: string | null
      by_name: string
      at: Temporal.Instant
    }
  }
}

export const insertAcceptanceTest = (
  db: Db,
  row: {
    id: string
    modelId: string
    result: string
    checks: unknown
    comment: string
    fileIds: readonly string[]
    byPersonId: string | null
    byName: string
    at: Temporal.Instant
  },
) =>
  db
    .insertInto('hardware_acceptance_test')
    .values({
      id: row.id,
      hardware_model_id: row.modelId,
      result: row.result,
      checks: JSON.stringify(row.checks),
      comment: row.comment,
      file_ids: JSON.stringify(row.fileIds),
      by_person_id: row.byPersonId,
      by_name: row.byName,
      at: row.at,
    })
    .execute()
