import type { ShapeRule } from "../gen/contract-rules.js";

/** The rules of a field in the contract. Lengths count Unicode code points. */
export interface FieldRules {
  /** An empty value is not checked. */
  readonly ignoreEmpty?: true;
  readonly minLen?: number;
  readonly maxLen?: number;
  readonly pattern?: RegExp;
  readonly in?: readonly string[];
  readonly shapes?: readonly ShapeRule[];
  readonly gte?: number;
  readonly lte?: number;
  readonly definedOnly?: readonly number[];
  readonly notIn?: readonly number[];
  readonly maxItems?: number;
  readonly unique?: true;
  readonly items?: FieldRules;
  readonly maxPairs?: number;
  readonly keys?: FieldRules;
  readonly values?: FieldRules;
}

/** The rules of a message. */
export interface MessageRules {
  readonly fields: Readonly<Record<string, FieldRules>>;
  /** The oneofs of which one member must be set. */
  readonly oneofs?: readonly string[];
}
