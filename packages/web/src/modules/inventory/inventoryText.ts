import { defineText } from '../../shared/text.ts'
import { actsEn, actsZh } from './words/acts.ts'
import { capacityEn, capacityZh } from './words/capacity.ts'
import { driftEn, driftZh } from './words/drift.ts'
import { fieldsEn, fieldsZh } from './words/fields.ts'
import { graphEn, graphZh } from './words/graph.ts'
import { pagesEn, pagesZh } from './words/pages.ts'
import { statesEn, statesZh } from './words/states.ts'

/** The words of the inventory, by subject. */
export const inventoryText = defineText(
  'inventory',
  { ...pagesZh, ...fieldsZh, ...statesZh, ...actsZh, ...graphZh, ...driftZh, ...capacityZh },
  { ...pagesEn, ...fieldsEn, ...statesEn, ...actsEn, ...graphEn, ...driftEn, ...capacityEn },
)
