export { MeasuresSheet } from './MeasuresSheet.tsx'
export { SourcePage } from './SourcePage.tsx'
export { SourcesPage } from './SourcesPage.tsx'
export { TopPage } from './TopPage.tsx'
