export { type DemoSession, writeDemoSessions } from './demo.ts'
export { generateListings, type ListingOptions } from './generate.ts'
export { type PlainFile, type PlainOptions, writeStagedFile } from './plain.ts'
export { type ListingManifest, readListingManifest } from './truth.ts'
