// contract.ts - what the page of the interface shows of api/openapi.yaml; made at build by build/contract.ts.
export interface Field { name: string; type: string; required: boolean; words: string }
export interface Operation {
  id: string; tag: string; method: string; path: string; summary: string
  open: boolean // to callers who are not signed in
  params: (Field & { place: string })[]
  body: string
  answers: { status: string; type: string }[]
}
export interface Contract {
  description: string
  tags: { name: string; words: string }[]
  operations: Operation[]
  schemas: { name: string; type: string; words: string; fields: Field[] }[]
}
