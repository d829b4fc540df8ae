import { SecretField } from '../../common/http/fields.js';

export class NotMeRequest {
  /** The token of the link in the notice. */
  @SecretField()
  token!: string;
}
