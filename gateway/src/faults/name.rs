//! The names of faults, each with what it does and what a good system makes of it.

use std::fmt;
use std::str::FromStr;

use certs::Text;

/// Where a fault happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// At a system's door: whoever comes to it meets the fault.
    Door,
    /// In what a system sends: the message itself is good, what becomes of it on its way is not.
    Sending,
    /// In the envelope of a message or of an answer.
    Envelope,
    /// In what the certification centre says.
    Centre,
}

impl Place {
    /// The word in JSON, in the journal and in the documentation.
    pub fn word(self) -> &'static str {
        match self {
            Self::Door => "door",
            Self::Sending => "sending",
            Self::Envelope => "envelope",
            Self::Centre => "centre",
        }
    }
}

/// What stands behind the colon of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Nothing.
    Nothing,
    /// A span of real time, this long if nothing is said.
    Time(&'static str),
    /// A span of real time; what it follows from otherwise is said by the fault.
    SomeTime,
    /// A span of the world's time, this long if nothing is said.
    Span(&'static str),
    /// The code of a SOAP fault; it must be said.
    Code,
    /// One of the eight shapes of signature wrapping, the first one if nothing is said.
    Shape,
}

macro_rules! names {
    ($($variant:ident $name:literal $place:ident $takes:expr,
       kk $kk:literal ru $ru:literal en $en:literal
       good $good:literal)+) => {
        /// What goes wrong, by name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Name { $(#[doc = $en] $variant),+ }

        impl Name {
            /// Every name, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name as it is written.
            pub fn name(self) -> &'static str { match self { $(Self::$variant => $name),+ } }
            /// Where it happens.
            pub fn place(self) -> Place { match self { $(Self::$variant => Place::$place),+ } }
            /// What stands behind the colon.
            pub fn takes(self) -> Takes { match self { $(Self::$variant => $takes),+ } }
            /// What happens, for people.
            pub fn describe(self) -> Text {
                let (kk, ru, en) = match self { $(Self::$variant => ($kk, $ru, $en)),+ };
                Text::new(kk, ru, en)
            }
            /// What a good system makes of it.
            pub fn good(self) -> &'static str { match self { $(Self::$variant => $good),+ } }
        }
    };
}

names! {
    Delay "delay" Door Takes::Time("2s"),
        kk "жауап кешігіп келеді" ru "ответ приходит с задержкой" en "the answer comes late"
        good "waits as long as its time-out allows, and holds nobody else up meanwhile"
    Timeout "timeout" Door Takes::Nothing,
        kk "жауап келмейді, сұрау өңделмейді" ru "ответа нет, запрос не обработан" en "no answer comes, and nothing is done"
        good "gives up at its time-out and sends the same message again later"
    AnswerAfterTimeout "answer-after-timeout" Door Takes::SomeTime,
        kk "сұрау өңделеді, жауап күту уақыты өткен соң келеді" ru "запрос обработан, ответ приходит после истечения ожидания" en "the request is carried out, its answer comes after the caller's time-out"
        good "sends the same messageId again and takes the repeated answer for a yes: nothing happens twice"
    Http500 "http-500" Door Takes::Nothing,
        kk "жүйе 500 қатесімен жауап береді" ru "система отвечает ошибкой 500" en "the answer is an HTML page with status 500"
        good "decides nothing by it, keeps the message and sends it again with growing pauses"
    Http503RetryAfter "http-503-retry-after" Door Takes::Time("5s"),
        kk "жүйе 503 жауап беріп, кейінірек қайталауды сұрайды" ru "система отвечает 503 и просит повторить позже" en "the answer is 503 with Retry-After"
        good "sends again, not before Retry-After is over"
    SoapFault "soap-fault" Door Takes::Code,
        kk "жүйе осы кодпен SOAP Fault қайтарады" ru "система возвращает SOAP Fault с этим кодом" en "the answer is a SOAP fault with this code"
        good "tells a technical fault (SCSE003) from one in its data, and does not show a citizen a refusal for it"
    DropConnection "drop-connection" Door Takes::Nothing,
        kk "байланыс жауапсыз үзіледі" ru "соединение обрывается без ответа" en "the connection is closed without an answer, and nothing is done"
        good "sends the same message again"
    TruncatedBody "truncated-body" Door Takes::Nothing,
        kk "сұрау өңделеді, жауаптың жартысы ғана келеді" ru "запрос обработан, приходит лишь половина ответа" en "the request is carried out, and half of its answer comes"
        good "does not use the half, and sends the same messageId again"
    RegistryDown "registry-down" Door Takes::Nothing,
        kk "тізілім жұмыс істемейді (503)" ru "регистр не работает (503)" en "a register answers 503 to everything"
        good "holds the case where it is, says why, asks again; never takes it for *not found*"
    ResponseBeforeAcknowledgement "response-before-acknowledgement" Door Takes::Time("5s"),
        kk "нәтиже қабылдау растамасынан бұрын келеді" ru "результат приходит раньше подтверждения приёма" en "the acknowledgement is held back until the answering message has left"
        good "takes the answer by its correlation, whatever has been acknowledged by then"
    Duplicate "duplicate" Sending Takes::Nothing,
        kk "хабарлама екі рет жіберіледі" ru "сообщение отправляется дважды" en "the message is sent twice, byte for byte"
        good "lets it take effect once, and answers the second one as the first"
    Reorder "reorder" Sending Takes::Time("2s"),
        kk "кейінгі хабарлама бұрын жіберіледі" ru "более позднее сообщение отправляется раньше" en "the message waits until a later one of the same system has left"
        good "does not rely on the order of messages"
    NotificationLost "notification-lost" Sending Takes::Nothing,
        kk "ақпараттық хабарлама жолда жоғалады" ru "уведомление теряется в пути" en "a message for information is lost on its way, and its sender takes it for delivered"
        good "goes on without it, and asks for the state where it needs it"
    CertificateRollover "certificate-rollover" Sending Takes::Nothing,
        kk "жүйе жаңа кілт пен куәлікке ауысады" ru "система переходит на новый ключ и сертификат" en "the sending system changes over to a new key and certificate"
        good "learns the new certificate, and takes what was signed before with the former one"
    WrongCorrelationId "wrong-correlation-id" Envelope Takes::Nothing,
        kk "жауап басқа хабарламаға сілтейді" ru "ответ ссылается на другое сообщение" en "the answer names another message"
        good "does not use the answer: answer-to-other; sends the same message again"
    StaleMessageDate "stale-message-date" Envelope Takes::Span("30d"),
        kk "хабарлама күні ескірген" ru "дата сообщения устарела" en "messageDate lies in the past"
        good "judges by its own clock; takes a late message once by its messageId, or refuses all that are too old"
    FutureMessageDate "future-message-date" Envelope Takes::Span("1d"),
        kk "хабарлама күні болашақта" ru "дата сообщения в будущем" en "messageDate lies in the future"
        good "refuses what is ahead by more than clocks differ (five minutes): message-of-the-future"
    SenderUnknown "sender-unknown" Envelope Takes::Nothing,
        kk "жіберуші жүйе белгісіз" ru "система-отправитель неизвестна" en "senderId is one that nobody has"
        good "refuses it: sender-unknown; takes nothing of it, and writes into nobody's case"
    Unsigned "unsigned" Envelope Takes::Nothing,
        kk "хабарламада қолтаңба жоқ" ru "сообщение без подписи" en "the signature is left out"
        good "refuses it: signature-malformed in JSON, signature-missing in SOAP"
    BadBodySignature "bad-body-signature" Envelope Takes::Nothing,
        kk "қол қойылғаннан кейін мазмұны өзгерген" ru "содержимое изменено после подписи" en "the content was changed after it was signed"
        good "refuses it: signature-invalid"
    SignedByExpired "signed-by-expired" Envelope Takes::Nothing,
        kk "мерзімі өткен куәлікпен қол қойылған" ru "подписано истёкшим сертификатом" en "signed with the right key and a certificate that expired yesterday"
        good "refuses it: sender-certificate-refused, certificate-expired"
    SignedByRevoked "signed-by-revoked" Envelope Takes::Nothing,
        kk "қайтарып алынған куәлікпен қол қойылған" ru "подписано отозванным сертификатом" en "signed with the right key and a certificate that is revoked"
        good "refuses it: sender-certificate-refused, certificate-revoked"
    RsaOnGostEndpoint "rsa-on-gost-endpoint" Envelope Takes::Nothing,
        kk "басқа алгоритмнің (RSA) кілтімен қол қойылған" ru "подписано ключом другого алгоритма (RSA)" en "signed with an RSA key where the system's own is of another algorithm"
        good "refuses it: certificate-not-bound; a good RSA signature is not the sender's"
    WrappedSignature "wrapped-signature" Envelope Takes::Shape,
        kk "қолтаңба басқа мазмұнға ауыстырылған (XSW)" ru "подпись перенесена на другое содержимое (XSW)" en "the signed Body is moved and another one stands in its place (XSW), in SOAP"
        good "refuses it: signature-wrapped or envelope-malformed; uses only what was verified"
    OcspTryLater "ocsp-try-later" Centre Takes::Nothing,
        kk "OCSP кейінірек сұрауды өтінеді" ru "OCSP просит повторить позже" en "the OCSP responder answers tryLater"
        good "calls the certificate *not checked*: neither good nor revoked; asks again later"
    OcspUnknown "ocsp-unknown" Centre Takes::Nothing,
        kk "OCSP куәлікті білмейді" ru "OCSP не знает сертификата" en "the OCSP responder says unknown"
        good "does not take unknown for good"
    OcspExpired "ocsp-expired" Centre Takes::Nothing,
        kk "OCSP жауабы ескірген" ru "ответ OCSP устарел" en "the OCSP answer is a month old"
        good "does not use it: the certificate is *not checked*"
    OcspWrongCertid "ocsp-wrong-certid" Centre Takes::Nothing,
        kk "OCSP басқа куәлік туралы жауап береді" ru "OCSP отвечает о другом сертификате" en "the OCSP answer is about another certificate"
        good "does not use it: the certificate is *not checked*"
    CrlEmpty "crl-empty" Centre Takes::Nothing,
        kk "КҚТ (CRL) файлы бос" ru "файл СОС (CRL) пуст" en "the revocation list is a file without a byte"
        good "calls the certificate *not checked*, and lives on"
    CrlExpired "crl-expired" Centre Takes::Nothing,
        kk "КҚТ (CRL) мерзімі өткен" ru "срок СОС (CRL) истёк" en "the revocation list was due again long ago"
        good "does not use it: a certificate revoked since would pass"
    CrlMissing "crl-missing" Centre Takes::Nothing,
        kk "КҚТ (CRL) табылмайды (404)" ru "СОС (CRL) не найден (404)" en "the revocation list is not there (404)"
        good "calls the certificate *not checked*"
    CrlIsHtml "crl-is-html" Centre Takes::Nothing,
        kk "КҚТ (CRL) орнына HTML беті келеді" ru "вместо СОС (CRL) приходит страница HTML" en "an HTML page with status 200 in the place of the revocation list"
        good "calls the certificate *not checked*"
    DeltaWithoutBase "delta-without-base" Centre Takes::Nothing,
        kk "толық тізімнің орнына өзгерістер тізімі (delta) келеді" ru "вместо полного списка приходит список изменений (delta)" en "a delta list in the place of the complete one"
        good "knows the critical deltaCRLIndicator, and does not take what is missing in it for good"
    TspDown "tsp-down" Centre Takes::Nothing,
        kk "уақыт белгісі қызметі жұмыс істемейді" ru "служба меток времени не работает" en "the time-stamping service answers 503"
        good "says that there is no time-stamp; does not make one up, and loses nothing"
    TspWrongImprint "tsp-wrong-imprint" Centre Takes::Nothing,
        kk "уақыт белгісі басқа деректерге берілген" ru "метка времени выдана на другие данные" en "the time-stamp is over another digest"
        good "compares the imprint with its own, and refuses the time-stamp"
}

impl Name {
    /// Whether something stands in the place of the answer: nothing else happens to the request then.
    pub(super) fn ends_a_request(self) -> bool {
        match self {
            Self::Timeout
            | Self::Http500
            | Self::Http503RetryAfter
            | Self::SoapFault
            | Self::DropConnection
            | Self::RegistryDown => true,
            other => other.place() == Place::Centre && other != Self::TspWrongImprint,
        }
    }

    /// Whether it is done to what the system answers, at its door.
    pub(super) fn comes_afterwards(self) -> bool {
        matches!(self, Self::AnswerAfterTimeout | Self::TruncatedBody | Self::ResponseBeforeAcknowledgement)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Not the name of a fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no fault is called `{word}`; the nearest known one is `{nearest}`")]
pub struct UnknownFault {
    /// As it was written.
    pub word: String,
    /// The name that is closest to it.
    pub nearest: Name,
}

impl FromStr for Name {
    type Err = UnknownFault;

    fn from_str(word: &str) -> Result<Self, UnknownFault> {
        Self::ALL.iter().copied().find(|known| known.name() == word).ok_or_else(|| {
            // No name is longer: what follows changes nothing in the choice.
            let word: String = word.chars().take(80).collect();
            let distance = |name: &&Self| strsim::damerau_levenshtein(&word, name.name());
            let nearest = Self::ALL.iter().min_by_key(distance).copied().unwrap_or(Self::Delay);
            UnknownFault { word, nearest }
        })
    }
}
