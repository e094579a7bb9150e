export { ArticlePage } from './ArticlePage.tsx'
export { KnowledgePage } from './KnowledgePage.tsx'
export { Suggestions } from './Suggestions.tsx'
