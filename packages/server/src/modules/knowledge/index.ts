/** The face of knowledge: articles, their versions, and what is suggested while somebody types. */
export { seedDemoKnowledge } from './knowledge.demo.ts'
export { knowledgeCron, knowledgeJobs, registerKnowledgeNotices } from './knowledge.jobs.ts'
export { knowledgeRoutes } from './knowledge.routes.ts'
export { searchArticles } from './knowledge.search.ts'
