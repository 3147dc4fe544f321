import type { Texts } from "./texts.js";
import { waitOf } from "./wait.js";

const needed = "필수 항목이에요.";
const choose = "목록에서 선택해 주세요.";

/** The words in Korean. */
export const ko: Texts = {
  reasons: {
    INVALID_FIELDS: "표시된 항목을 확인해 주세요.",
    PASSWORD_POLICY: "다른 비밀번호를 입력해 주세요.",
    EMAIL_TAKEN: "이미 가입된 이메일 주소예요. 로그인하거나 다른 주소를 사용해 주세요.",
    PHONE_TAKEN: "이미 가입된 휴대폰 번호예요. 로그인하거나 다른 번호를 사용해 주세요.",
    NICKNAME_TAKEN: "이미 사용 중인 닉네임이에요. 다른 닉네임을 입력해 주세요.",
    CODE_MISMATCH: ({ attemptsLeft }) =>
      attemptsLeft === undefined
        ? "인증번호가 올바르지 않아요. 확인한 뒤 다시 입력해 주세요."
        : `인증번호가 올바르지 않아요. ${attemptsLeft}번 더 입력할 수 있어요.`,
    CODE_EXPIRED: "인증번호가 만료되었어요. 인증번호를 다시 요청해 주세요.",
    CODE_SPENT: "더 이상 사용할 수 없는 인증번호예요. 가장 최근에 받은 번호를 입력하거나 다시 요청해 주세요.",
    VERIFICATION_REQUIRED: "먼저 인증번호를 받아 입력해 주세요.",
    PROOF_INVALID: "인증 시간이 지났어요. 인증번호를 다시 받아 입력해 주세요.",
    RECENT_SIGN_IN_REQUIRED: "계속하려면 다시 로그인해 주세요.",
    LAST_SIGN_IN_METHOD: "마지막 로그인 수단은 해제할 수 없어요. 먼저 비밀번호를 설정하거나 다른 계정을 연결해 주세요.",
    CREDENTIALS_INVALID: "이메일·휴대폰 번호 또는 비밀번호가 올바르지 않아요. 확인한 뒤 다시 입력해 주세요.",
    TOKEN_MISSING: "로그인이 필요해요. 로그인해 주세요.",
    TOKEN_INVALID: "로그인 정보가 더 이상 유효하지 않아요. 다시 로그인해 주세요.",
    TOKEN_EXPIRED: "오랫동안 사용하지 않아 로그아웃되었어요. 다시 로그인해 주세요.",
    SESSION_REVOKED: "로그아웃되었어요. 다시 로그인해 주세요.",
    REFRESH_REUSED: "계정 보호를 위해 로그아웃되었어요. 다시 로그인해 주세요.",
    ROLE_REQUIRED: "이 작업을 할 수 있는 권한이 없어요. 필요한 경우 관리자에게 문의해 주세요.",
    ACCOUNT_DISABLED: "이용이 정지된 계정이에요. 관리자에게 문의해 주세요.",
    ORIGIN_REFUSED: "허용되지 않은 페이지에서 보낸 요청이에요. 서비스 주소로 직접 접속한 뒤 다시 시도해 주세요.",
    TOO_MANY_ATTEMPTS: ({ retryAfter }) => `시도 횟수를 초과했어요. ${after(retryAfter)} 다시 시도해 주세요.`,
    TOO_MANY_SENDS: ({ retryAfter }) => `메시지를 너무 많이 요청했어요. ${after(retryAfter)} 다시 시도해 주세요.`,
    BUSY: ({ retryAfter }) => `지금은 이용자가 많아요. ${after(retryAfter)} 다시 시도해 주세요.`,
    NOT_FOUND: "요청한 항목을 찾을 수 없어요. 페이지를 새로고침해 주세요.",
    DEPENDENCY_DOWN: ({ retryAfter }) => `지금은 이용할 수 없어요. ${after(retryAfter)} 다시 시도해 주세요.`,
    TIMED_OUT: "응답이 늦어지고 있어요. 처리되었는지 확인한 뒤 다시 시도해 주세요.",
    CANCELED: "취소되었어요. 계속하려면 다시 시도해 주세요.",
    INTERNAL: "일시적인 오류가 발생했어요. 잠시 후 다시 시도해 주세요.",
    UNIMPLEMENTED: "아직 제공되지 않는 기능이에요. 다른 방법을 이용해 주세요.",
    NETWORK_FAILED: "네트워크에 연결할 수 없어요. 연결 상태를 확인한 뒤 다시 시도해 주세요.",
    COOKIES_BLOCKED:
      "브라우저에서 쿠키를 차단해 로그인 상태를 유지할 수 없어요. 이 사이트의 쿠키를 허용한 뒤 다시 로그인해 주세요.",
    UNKNOWN: "요청을 처리하지 못했어요. 잠시 후 다시 시도해 주세요.",
  },
  rules: {
    required: needed,
    type: "입력 형식이 올바르지 않아요.",
    "string.min_len": ({ min }) => (min === undefined ? needed : `${min}자 이상 입력해 주세요.`),
    "string.max_len": ({ max }) => (max === undefined ? "너무 길어요." : `${max}자까지 입력할 수 있어요.`),
    "string.in": choose,
    "string.pattern": "입력 형식이 올바르지 않아요.",
    "int32.gte_lte": ({ min, max }) =>
      max === undefined ? "숫자가 허용 범위를 벗어났어요." : `${min}부터 ${max}까지의 숫자를 입력해 주세요.`,
    "enum.defined_only": choose,
    "enum.not_in": choose,
    "repeated.max_items": ({ max }) => (max === undefined ? "항목이 너무 많아요." : `${max}개까지 입력할 수 있어요.`),
    "repeated.unique": "같은 항목을 두 번 입력할 수 없어요.",
    "map.max_pairs": ({ max }) => (max === undefined ? "항목이 너무 많아요." : `${max}개까지 입력할 수 있어요.`),
    "email.format": "이메일 주소를 name@example.com 형식으로 입력해 주세요.",
    "phone.format": "전화번호를 010-1234-5678 또는 +82 10 1234 5678 형식으로 입력해 주세요.",
    "code.format": "인증번호 6자리를 입력해 주세요.",
    "text.words": "보이는 글자만 사용하고, 단어 사이는 한 칸만 띄어 주세요.",
    "text.line": "보이는 글자로 한 줄에 입력해 주세요.",
    "text.paragraphs": "보이는 글자와 줄바꿈만 사용할 수 있어요.",
    "text.opaque": "받은 값을 그대로 보내 주세요.",
    "text.word": "영문 소문자로 입력해 주세요.",
    "text.ascii": "공백 없이 영문, 숫자, 기호만 입력해 주세요.",
    "contact.off": "사용하지 않는 항목이에요. 비워 주세요.",
    "contact.unproven": "먼저 인증번호를 받아 입력해 주세요.",
    "role.unknown": choose,
    "password.min_length": ({ min }) => (min === undefined ? "더 길게 입력해 주세요." : `${min}자 이상 입력해 주세요.`),
    "password.max_length": ({ max }) =>
      max === undefined ? "더 짧게 입력해 주세요." : `${max}자까지 입력할 수 있어요.`,
    "password.max_bytes": "비밀번호가 너무 길어요. 글자나 이모지를 줄여 주세요.",
    "password.letter": "글자를 포함해 주세요.",
    "password.upper": "영문 대문자를 포함해 주세요.",
    "password.digit": "숫자를 포함해 주세요.",
    "password.special": "!나 # 같은 특수문자를 포함해 주세요.",
    "password.control_character": "탭이나 줄바꿈은 사용할 수 없어요.",
    "password.common": "추측하기 쉬운 비밀번호예요. 다른 비밀번호를 입력해 주세요.",
    "password.contains_identifier": "이름, 이메일, 전화번호, 서비스 이름은 비밀번호에 사용할 수 없어요.",
    "email.empty": "이메일 주소를 입력해 주세요.",
    "email.too_long": "이메일 주소가 너무 길어요.",
    "email.encoding": "이메일 주소에 깨진 글자가 있어요. 다시 입력해 주세요.",
    "email.control": "이메일 주소를 한 줄에 입력해 주세요.",
    "email.invisible": "이메일 주소에 보이지 않는 글자가 있어요. 직접 입력해 주세요.",
    "email.lookalike_at": "일반 @ 기호를 입력해 주세요.",
    "email.display_name": "이름 없이 주소만 입력해 주세요.",
    "email.list": "이메일 주소를 하나만 입력해 주세요.",
    "email.quoted": "따옴표 없이 입력해 주세요.",
    "email.comment": "괄호 없이 입력해 주세요.",
    "email.blank": "이메일 주소에서 공백을 지워 주세요.",
    "email.missing_at": "이메일 주소에 @가 없어요.",
    "email.two_ats": "이메일 주소에 @가 두 개 이상 있어요.",
    "email.local_missing": "@ 앞부분을 입력해 주세요.",
    "email.local_too_long": "@ 앞부분이 너무 길어요.",
    "email.local_dots": "@ 앞부분의 점 위치를 확인해 주세요.",
    "email.local_non_ascii": "@ 앞부분에는 영문, 숫자, 기호만 사용할 수 있어요.",
    "email.local_symbol": "@ 앞부분에 사용할 수 없는 기호가 있어요.",
    "email.route": "@ 앞부분에 %와 !는 사용할 수 없어요.",
    "email.domain_missing": "@ 뒷부분을 입력해 주세요.",
    "email.domain": "@ 뒷부분에 오타가 없는지 확인해 주세요.",
    "email.domain_short": "@ 뒷부분을 example.com처럼 끝까지 입력해 주세요.",
    "email.domain_ip": "@ 뒤에 숫자 주소는 사용할 수 없어요. 도메인 이름을 입력해 주세요.",
    "email.domain_ending": "마지막 점 뒷부분에 오타가 없는지 확인해 주세요.",
    "email.taken": "이미 가입된 이메일 주소예요.",
    "phone.empty": "전화번호를 입력해 주세요.",
    "phone.too_long": "전화번호의 자릿수가 너무 많아요.",
    "phone.too_short": "전화번호의 자릿수가 부족해요.",
    "phone.encoding": "전화번호에 깨진 글자가 있어요. 다시 입력해 주세요.",
    "phone.control": "전화번호를 한 줄에 입력해 주세요.",
    "phone.uri": "번호만 입력해 주세요.",
    "phone.extension": "내선번호 없이 입력해 주세요.",
    "phone.letters": "숫자만 입력해 주세요.",
    "phone.list": "전화번호를 하나만 입력해 주세요.",
    "phone.symbol": "숫자로 입력해 주세요. 공백, 하이픈, 점, 괄호는 사용할 수 있어요.",
    "phone.leading_zero": "맨 앞의 0을 입력해 주세요.",
    "phone.country_code": "+와 국가번호부터 입력해 주세요.",
    "phone.invalid": "존재하지 않는 전화번호예요. 번호를 확인해 주세요.",
    "phone.not_mobile": "문자를 받을 수 없는 번호예요. 휴대폰 번호를 입력해 주세요.",
    "phone.country": "이 국가의 번호는 사용할 수 없어요.",
    "phone.taken": "이미 가입된 휴대폰 번호예요.",
    "nickname.taken": "이미 사용 중인 닉네임이에요.",
    "user.own": "본인 계정은 다른 관리자에게 변경을 요청해 주세요.",
    "push.too_big": "제목, 내용, 데이터를 합한 길이가 너무 길어요. 줄여 주세요.",
    "push.reserved_key": "푸시 서비스가 사용하는 이름이에요. 다른 이름을 사용해 주세요.",
  },
  actions: {
    retry: "다시 시도",
  },
};

const units = { second: "초", minute: "분", hour: "시간" } as const;

function after(retryAfter: number | undefined): string {
  if (retryAfter === undefined) {
    return "잠시 후";
  }
  const { count, unit } = waitOf(retryAfter);
  return `${count}${units[unit]} 후`;
}
