//! The stable codes of problems, with what `qaqpa explain` says of them.

use std::fmt;
use std::str::FromStr;

use certs::Text;
use serde::{Deserialize, Serialize};

/// Not a known code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no problem has the code `{0}`")]
pub struct UnknownCode(pub String);

macro_rules! codes {
    ($($variant:ident $code:literal $status:literal $title:literal
       why $why:literal hint $hint:literal
       kk $kk:literal ru $ru:literal en $en:literal)+) => {
        /// A stable code. Its status, title and hint are part of the interface.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "&'static str")]
        pub enum Code { $(#[doc = $title] $variant),+ }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code as it is written.
            pub fn code(self) -> &'static str { match self { $(Self::$variant => $code),+ } }
            /// The HTTP status it comes with.
            pub fn status(self) -> u16 { match self { $(Self::$variant => $status),+ } }
            /// One line for developers.
            pub fn title(self) -> &'static str { match self { $(Self::$variant => $title),+ } }
            /// When it occurs and why.
            pub fn why(self) -> &'static str { match self { $(Self::$variant => $why),+ } }
            /// What to do about it.
            pub fn hint(self) -> &'static str { match self { $(Self::$variant => $hint),+ } }
            /// What a citizen or clerk reads.
            pub fn message(self) -> Text {
                let (kk, ru, en) = match self { $(Self::$variant => ($kk, $ru, $en)),+ };
                Text::new(kk, ru, en)
            }
        }

        impl FromStr for Code {
            type Err = UnknownCode;
            fn from_str(code: &str) -> Result<Self, UnknownCode> {
                match code { $($code => Ok(Self::$variant),)+ _ => Err(UnknownCode(code.to_owned())) }
            }
        }
    };
}

codes! {
    MalformedJson "malformed-json" 400 "The body is not the JSON that this address takes"
        why "The body could not be read as JSON, a field is missing, or a field has another type."
        hint "compare the body with the shape that `detail` names"
        kk "Сұрау салудың құрылымы дұрыс емес." ru "Неверная структура запроса." en "The request is not well-formed."
    WrongContentType "wrong-content-type" 415 "The body is of another type than the address takes"
        why "Every address that takes a body wants the header to say what it is: JSON, and for the channels of SOAP XML."
        hint "send Content-Type: application/json, or text/xml to a channel of SOAP"
        kk "Деректер пішімі қолданылмайды." ru "Формат данных не поддерживается." en "The data format is not supported."
    BodyTooLarge "body-too-large" 413 "The body is over the limit"
        why "Bodies are limited so that one client cannot take the sandbox's memory. The limit is in `detail`."
        hint "send fewer or smaller attachments"
        kk "Деректер көлемі шектен асты." ru "Превышен допустимый объём данных." en "The data is over the size limit."
    BodyTooSlow "body-too-slow" 408 "The body did not come in time"
        why "A sender that sends slowly, or stops, would hold a connection and its memory for ever. The limit is in `detail`."
        hint "send the body in one go; try again"
        kk "Деректер уақытында келмеді." ru "Данные не поступили вовремя." en "The data did not come in time."
    NotFound "not-found" 404 "Nothing is here"
        why "The address, case or certificate does not exist in this world, or is not yours to see."
        hint "look at / for the addresses of this sandbox"
        kk "Табылмады." ru "Не найдено." en "Not found."
    MethodNotAllowed "method-not-allowed" 405 "The address does not take this method"
        why "The address exists, but answers to another HTTP method."
        hint "use the method that the documentation gives"
        kk "Бұл әдіс қолданылмайды." ru "Метод не поддерживается." en "The method is not supported."
    UnknownWorld "unknown-world" 404 "No such world"
        why "The address begins with /w/{id}/, but no world of that id exists in this process."
        hint "create it with POST /control/worlds, or leave the prefix out for the default world"
        kk "Мұндай орта жоқ." ru "Такой среды нет." en "There is no such world."
    WorldExists "world-exists" 409 "A world of that id exists"
        why "Worlds are created once; their keys and registers would otherwise change under their users."
        hint "choose another id"
        kk "Мұндай орта бар." ru "Такая среда уже есть." en "Such a world exists already."
    WorldGone "world-dropped" 410 "The world was dropped"
        why "The world was dropped, by this process or another one, while the request was on its way. Nothing of it is kept."
        hint "create the world again with POST /control/worlds if it is still needed"
        kk "Бұл орта жойылды." ru "Эта среда удалена." en "The world has been dropped."
    WorldNeeded "world-needed" 409 "The default world cannot be dropped"
        why "It is what the addresses without a prefix belong to, for as long as the process runs."
        hint "drop worlds that were created over /control/worlds; for a fresh default world start a sandbox on another folder"
        kk "Негізгі ортаны жоюға болмайды." ru "Основную среду удалить нельзя." en "The default world cannot be dropped."
    WorldNotWhole "world-not-whole" 409 "A process whose systems stand elsewhere has one world"
        why "The systems that were swapped when the process was started belong to its default world: another world would send its messages to systems that do not know it."
        hint "create the world in a sandbox without --swap and --only, and put your system into its place with `qaqpa systems add SYSTEM --against URL/w/ID`"
        kk "Бұл үдерісте басқа орта ашуға болмайды." ru "В этом процессе нельзя создать другую среду." en "No other world can be created in this process."
    InvalidValue "invalid-value" 422 "A value is not acceptable"
        why "The JSON is well-formed, but a value breaks its format: `fields` or `detail` says which and why."
        hint "correct the values named in `fields` or `detail`"
        kk "Енгізілген деректер пішімге сай емес." ru "Введённые данные не соответствуют формату." en "The data entered does not have the right format."
    UnknownService "unknown-service" 404 "No regulation of that name is loaded"
        why "A service is named by the id of its regulation file and, where there are several, its channel."
        hint "`qaqpa regulations list` prints the known ones; --regulations adds a folder of yours"
        kk "Мұндай мемлекеттік қызмет жоқ." ru "Такой государственной услуги нет." en "There is no such service."
    StepOutOfOrder "step-out-of-order" 409 "The case does not wait for this"
        why "The regulation has another step next; `awaits` says which deed the case waits for."
        hint "look at the case's `awaits`"
        kk "Бұл әрекеттің кезегі емес." ru "Сейчас ожидается другое действие." en "Another action is expected now."
    NotTheRecipient "not-the-recipient" 403 "The result is for somebody else"
        why "A result is handed to the recipient, or to who came for them with a power of attorney or by law."
        hint "hand it to the recipient or the representative that the case names"
        kk "Нәтиже басқа адамға арналған." ru "Результат предназначен другому лицу." en "The result is for somebody else."
    NotSignedIn "not-signed-in" 401 "A session token is missing or over"
        why "The personal cabinet and the form are open to the recipient who signed in, and to nobody else."
        hint "send Authorization: Bearer with the token that signing in returned"
        kk "Алдымен кіріңіз." ru "Сначала войдите." en "Sign in first."
    ControlToken "control-token" 401 "The control token is missing or wrong"
        why "The sandbox was started with a control token; whoever turns its clock or reads its journal needs it."
        hint "give the --control-token (or QAQPA_CONTROL_TOKEN) that the sandbox was started with"
        kk "Басқару кілті жоқ немесе қате." ru "Нет управляющего ключа, или он неверен." en "The control token is missing or wrong."
    AlreadyRegistered "already-registered" 409 "The IIN has an account"
        why "Registration is for recipients who are not registered at the portal."
        hint "sign in instead"
        kk "Бұл ЖСН порталда тіркелген." ru "Этот ИИН уже зарегистрирован." en "This IIN is registered already."
    TooManyTries "too-many-tries" 429 "Too many wrong passwords"
        why "After five wrong passwords in a row an account is closed for fifteen minutes of the world's time."
        hint "wait until `until`, or advance the world's clock"
        kk "Әрекет саны шектен асты, кейінірек қайталаңыз." ru "Слишком много попыток, повторите позже." en "Too many tries; try again later."
    CertificateMalformed "certificate-malformed" 422 "The certificate does not parse"
        why "Neither DER nor PEM of an X.509 certificate, or one whose key is of an unknown algorithm."
        hint "send the certificate alone, as PEM or base64 of DER"
        kk "Тіркеу куәлігі оқылмайды." ru "Регистрационное свидетельство не читается." en "The certificate cannot be read."
    SignatureMalformed "signature-malformed" 422 "The signature cannot be read"
        why "A CMS signature must be a DER or BER SignedData (RFC 5652) in base64; one in XML must have the elements of XML-DSig. Either has its certificate in it."
        hint "`qaqpa sign` makes one; openssl cms -sign -binary -outform DER and xmlsec1 --sign do too"
        kk "Қолтаңба оқылмайды." ru "Подпись не читается." en "The signature cannot be read."
    SignatureInvalid "signature-invalid" 422 "The signature is not over these bytes"
        why "The digest or the signature value does not fit the bytes it came with and the certificate inside."
        hint "sign exactly the bytes that were given out, without re-encoding them"
        kk "Қолтаңба құжатқа сай емес." ru "Подпись не соответствует документу." en "The signature does not fit the document."
    SignatureMissing "signature-missing" 422 "There is no signature"
        why "A document has its signatures as the last children ds:Signature of its root element, a SOAP message one in the wsse:Security header."
        hint "sign it: `qaqpa sign --format xml` for a document, `--format wss` for a SOAP message"
        kk "Қолтаңба жоқ." ru "Подпись отсутствует." en "There is no signature."
    ProductionIssuer "production-issuer" 422 "A centre in production is not trusted here"
        why "The certificate is of a centre of the national infrastructure in production. The sandbox is for tests and never takes real signatures for good."
        hint "import the certificates of the test environment: their names say TEST"
        kk "Өнеркәсіптік куәландырушы орталыққа мұнда сенім білдірілмейді." ru "Промышленному удостоверяющему центру здесь не доверяют." en "A centre in production is not trusted here."
    TlsFiles "tls-files" 422 "The TLS certificate and its key cannot be used"
        why "--tls-cert takes PEM certificates, the server's first; --tls-key its unencrypted private key in PEM, P-256 or RSA."
        hint "`qaqpa cert issue --profile tls-server --host NAME` makes both; rustls knows no GOST"
        kk "TLS куәлігі немесе кілті жарамсыз." ru "Сертификат или ключ TLS не подходит." en "The TLS certificate or key cannot be used."
    ClientCertificateMissing "client-certificate-missing" 403 "The connection has no client certificate"
        why "The sandbox runs with --mtls: who sends to a system shows the certificate of a system when it connects."
        hint "connect with the key and certificate that `qaqpa systems add` wrote, as `curl --cert system.pem --key system.key`"
        kk "Қосылуда клиент куәлігі жоқ." ru "Соединение без клиентского сертификата." en "The connection has no client certificate."
    ClientCertificateRefused "client-certificate-refused" 403 "The client certificate of the connection is refused"
        why "It does not lead to a root of this world, is not valid or revoked, or is not that of an information system."
        hint "look at `verdict`; `qaqpa systems add` orders a good one"
        kk "Қосылудың клиент куәлігі қабылданбайды." ru "Клиентский сертификат соединения не принят." en "The client certificate is not accepted."
    TimestampInvalid "timestamp-invalid" 422 "The time stamp does not hold"
        why "A time stamp in the signature is over other bytes, is not by a certificate for time stamps, or cannot be read."
        hint "sign again, and ask a time-stamping authority of the sandbox: `qaqpa sign FILE --timestamp`"
        kk "Уақыт белгісі жарамсыз." ru "Метка времени недействительна." en "The time stamp is not valid."
    NoTimestamp "no-timestamp" 503 "The authority gave no time stamp"
        why "The time-stamping authority did not answer, refused, or answered with something that is no time stamp over the signature."
        hint "look at `detail`; the sandbox's own authority is at /ca/tsp"
        kk "Уақыт белгісі алынбады." ru "Метка времени не получена." en "No time stamp was given."
    SignatureWrapped "signature-wrapped" 422 "The signature is over something else than what would be used"
        why "A signature that holds is not enough: what it covers must be the very document or SOAP Body that is processed. Moved bodies, ids that stand twice and second Security headers are how signatures are stolen (XML signature wrapping)."
        hint "sign the Body of the message itself, with one reference to its wsu:Id, in one Security header"
        kk "Қолтаңба басқа мазмұнға қойылған." ru "Подпись относится к другому содержанию." en "The signature is over other content."
    XmlMalformed "xml-malformed" 422 "The document is not well-formed XML"
        why "It breaks a rule of XML 1.0 or of namespaces in XML: `detail` says which, at which line and column."
        hint "look at the place that `detail` names"
        kk "XML құжатының құрылымы дұрыс емес." ru "Неверная структура XML-документа." en "The XML document is not well-formed."
    XmlRefused "xml-refused" 422 "XML of a kind that is not taken"
        why "Document type declarations, entities, encodings other than UTF-8 and documents over a limit (24 MiB, 128 levels, 256 attributes of an element, 400 000 nodes, 256 namespaces) are refused before they can do harm."
        hint "send plain XML 1.0 in UTF-8 without DTD; carry large data as an attachment"
        kk "Мұндай XML құжаты қабылданбайды." ru "Такой XML-документ не принимается." en "XML of this kind is not accepted."
    SignedByAnother "signed-by-another" 422 "Signed with another certificate than the one chosen"
        why "The regulation lets the recipient choose a certificate, which was then checked; another key signed."
        hint "sign with the certificate that was chosen, or begin a new case"
        kk "Құжатқа басқа куәлікпен қол қойылған." ru "Документ подписан другим сертификатом." en "The document is signed with another certificate."
    EnvelopeMalformed "envelope-malformed" 422 "The envelope cannot be read"
        why "The signed envelope does not hold the JSON of an envelope, or its data is not a known message."
        hint "compare it with docs/messages.md"
        kk "Хабарлама конверті оқылмайды." ru "Конверт сообщения не читается." en "The message's envelope cannot be read."
    SenderUnknown "sender-unknown" 403 "No system has this senderId"
        why "Only systems with a record in this world may send: the senderId is the record's key."
        hint "`GET /control/systems` lists the known ones"
        kk "Жіберуші жүйе белгісіз." ru "Система-отправитель неизвестна." en "The sending system is unknown."
    WrongPassword "wrong-password" 403 "The sender's password is wrong"
        why "The envelope names a known system but not its password."
        hint "use the password of the system's record"
        kk "Жіберуші жүйенің құпиясөзі қате." ru "Неверный пароль системы-отправителя." en "The sending system's password is wrong."
    CertificateNotBound "certificate-not-bound" 403 "The envelope is signed by another system"
        why "The certificate that signed the envelope is not the one in the record of the system it names."
        hint "sign with the key of the system that `sender` names"
        kk "Конвертке басқа жүйе қол қойған." ru "Конверт подписан другой системой." en "The envelope is signed by another system."
    SenderCertificate "sender-certificate-refused" 403 "The sending system's certificate is not good"
        why "The envelope is signed with the key of the system's record, but its certificate has expired, is revoked, or is not for signing. That is a fault of the system, not of the person whose document is inside."
        hint "`detail` says what is wrong with it; give the system a new certificate"
        kk "Жіберуші жүйенің куәлігі жарамсыз." ru "Сертификат системы-отправителя недействителен." en "The sending system's certificate is not good."
    NotSubscribed "not-subscribed" 403 "The sender may not use this service"
        why "A system sends only to the service ids that its record subscribes it to; `*` stands for all of them."
        hint "`qaqpa systems show SYSTEM` lists its subscriptions; `qaqpa systems add SYSTEM --subscribe SERVICE` sets them"
        kk "Жүйе бұл сервиске жазылмаған." ru "Система не подписана на этот сервис." en "The system is not subscribed to this service."
    SystemSwapped "system-swapped" 404 "Another system stands in this one's place"
        why "The built-in system of this name does not answer or send while one of yours has its place."
        hint "`address` says where the system is now; `qaqpa systems remove SYSTEM` brings the built-in one back"
        kk "Бұл жүйе басқа мекенжайда." ru "Эта система находится по другому адресу." en "This system is at another address."
    RouteUnknown "route-unknown" 403 "The message does not come this way"
        why "No step of the regulation sends this message from that system to this one."
        hint "compare with the regulation's `sends`"
        kk "Хабарламаның бағыты қате." ru "Маршрут сообщения неизвестен." en "The message's route is unknown."
    MessageReplayed "message-replayed" 409 "A message of this id was accepted before"
        why "A message takes effect once. If the bytes are the same, `acknowledgement` is the first answer again and the message is safe; if they differ, nothing of the second one was taken."
        hint "if `acknowledgement` is there, the message is delivered; otherwise use a new messageId"
        kk "Хабарлама бұрын қабылданған." ru "Сообщение уже принято." en "The message was accepted before."
    MessageOfTheFuture "message-of-the-future" 422 "The message is dated in the future"
        why "The messageDate of the envelope is ahead of the receiver's clock by more than five minutes. Nothing was taken."
        hint "set the sender's clock right; in a sandbox, messages are dated by the world's clock (GET /control/clock)"
        kk "Хабарлама күні болашақта." ru "Дата сообщения в будущем." en "The message is dated in the future."
    NoCalendar "no-calendar" 503 "The business calendar ends before the time limit does"
        why "A time limit in working days needs to know which days are worked, and the calendar does not have that year. It is never guessed."
        hint "set the world's clock into 2015 to 2027, the years that the calendar has"
        kk "Жұмыс күнтізбесінде мұндай жыл жоқ." ru "В производственном календаре нет такого года." en "The business calendar does not have that year."
    ConsentMissing "consent-missing" 403 "The question comes without consent"
        why "A register tells nothing that the law protects unless the person consented, or a law is named that does without consent."
        hint "take the consent first: `consent` in the question says `given`, or `not-required` with its `ground`"
        kk "Мәліметтерді пайдалануға келісім жоқ." ru "Нет согласия на использование сведений." en "There is no consent to use the data."
    TokenRefused "token-refused" 403 "The access token is not good"
        why "A person's access token is a statement of this world's people database about that person, signed with its key and good for a time of the world's clock. This one is something else: `reason` says what."
        hint "`qaqpa people token IIN` issues one; send its kdpToken and publicKey as they are"
        kk "Қолжетімділік токені жарамсыз." ru "Токен доступа недействителен." en "The access token is not valid."
    SystemUnreachable "system-unreachable" 503 "A system does not answer"
        why "A system that a message is for could not be reached, took too long, or answered something that is no answer. Nothing is decided: the case waits, and the message is sent again."
        hint "look whether the system that `detail` names is up; `qaqpa systems list` has its address"
        kk "Жүйе жауап бермейді, әрекет қайталанады." ru "Система не отвечает, попытка будет повторена." en "A system does not answer; it will be tried again."
    AnswerRefused "answer-refused" 502 "A system's answer cannot be used"
        why "The answer does not verify, is signed by another system, or answers something else: `reason` says which. Nothing is decided by it, and the question is asked again."
        hint "`detail` says whose answer it was and what is wrong with it; mend that system"
        kk "Жүйенің жауабы жарамсыз, әрекет қайталанады." ru "Ответ системы непригоден, попытка будет повторена." en "A system's answer cannot be used; it will be asked again."
    RefusedByReceiver "refused-by-receiver" 422 "The receiving system refused the message"
        why "A system that is reached by SOAP answered with a fault or a status that says that the message itself is at fault: SCSE001 or SCSE002."
        hint "`detail` has the receiver's code and words; look there why it refused"
        kk "Қабылдаушы жүйе хабарламадан бас тартты." ru "Система-получатель отклонила сообщение." en "The receiving system refused the message."
    FaultOfReceiver "fault-of-receiver" 502 "The receiving system failed"
        why "A system that is reached by SOAP answered with a fault that decides nothing. The case waits, and the message is sent again."
        hint "`detail` has the receiver's code and words; mend that system"
        kk "Қабылдаушы жүйеде ақау, әрекет қайталанады." ru "Сбой системы-получателя, попытка будет повторена." en "The receiving system failed; it will be tried again."
    WrongAction "wrong-soap-action" 400 "The SOAPAction names another operation"
        why "SOAPAction is empty or names the operation that the Body holds."
        hint "send SOAPAction: \"\" or the operation's name"
        kk "SOAPAction басқа әрекетті атайды." ru "SOAPAction называет другую операцию." en "The SOAPAction names another operation."
    AnswerToOther "answer-to-other" 422 "The answer belongs to another question"
        why "An answer names the question it answers and is about whom or what was asked; this one is not."
        hint "answer with the `query` and the `about` of the question, and the messageId of its envelope as correlationId"
        kk "Жауап басқа сұрауға қатысты." ru "Ответ относится к другому запросу." en "The answer belongs to another question."
    CertificateExpired "certificate-expired" 422 "The certificate has expired"
        why "The world's clock is behind the end of the certificate's validity period."
        hint "order a new certificate, or look at the world's clock"
        kk "Куәліктің мерзімі өткен." ru "Срок действия сертификата истёк." en "The certificate has expired."
    CertificateNotYetValid "certificate-not-yet-valid" 422 "The certificate is not valid yet"
        why "The world's clock is before the beginning of the certificate's validity period."
        hint "look at the world's clock"
        kk "Куәліктің мерзімі басталмаған." ru "Срок действия сертификата не начался." en "The certificate is not valid yet."
    CertificateRevoked "certificate-revoked" 422 "The certificate is revoked"
        why "A revocation list or an OCSP answer of its issuer says so."
        hint "order a new certificate"
        kk "Куәлік қайтарылған." ru "Сертификат отозван." en "The certificate is revoked."
    CertificateSuspended "certificate-suspended" 422 "The certificate is suspended"
        why "It is on the revocation list with the reason certificateHold, which may be lifted."
        hint "have the hold lifted, or order a new certificate"
        kk "Куәліктің қолданысы тоқтатылған." ru "Действие сертификата приостановлено." en "The certificate is suspended."
    RevocationUnknown "revocation-unknown" 503 "It could not be checked whether the certificate is revoked"
        why "A source that had to be asked did not answer, or did not know the certificate. What could not be checked never passes, and is never a refusal either: the case waits where it was."
        hint "`verdict.asked` lists who was asked and what they said; try again when they answer, or choose another certificate"
        kk "Куәліктің қайтарылмағанын тексеру мүмкін болмады." ru "Не удалось проверить, не отозван ли сертификат." en "It could not be checked whether the certificate is revoked."
    CentreUnreachable "centre-unreachable" 503 "The certification centre does not answer"
        why "Whom to trust could not be learned, so the path to a root could not be checked. Nothing is decided."
        hint "try again when the centre answers"
        kk "Куәландырушы орталық жауап бермейді." ru "Удостоверяющий центр не отвечает." en "The certification centre does not answer."
    SignerUnreachable "signer-unreachable" 503 "The signing service does not answer"
        why "The sandbox was started with `--swap signer=URL`, and what answers there did not judge the certificate. Nothing is decided."
        hint "try again when the signing service answers"
        kk "Қолтаңба тексеру қызметі жауап бермейді." ru "Служба проверки подписей не отвечает." en "The signing service does not answer."
    PathBudgetExceeded "path-budget-exceeded" 503 "The search for a chain to a root was given up"
        why "So many centres certify each other that not every chain was tried. Nothing is decided."
        hint "take away what is not needed among the centres that are trusted"
        kk "Сенімді тізбекті іздеу тоқтатылды." ru "Поиск цепочки доверия прекращён." en "The search for a chain to a trusted root was given up."
    NothingDeclared "nothing-declared" 422 "Nothing is declared that the certificate could be compared with"
        why "The identifier of the signer is to be compared, but none was declared."
        hint "declare the IIN or BIN of the signer"
        kk "Салыстыратын нөмір көрсетілмеген." ru "Не указан номер для сравнения." en "No number is declared to compare with."
    IssuerUnknown "issuer-unknown" 422 "The certificate's issuer is not trusted here"
        why "No chain leads from the certificate to a root of this world."
        hint "order the certificate from this world's certification centre"
        kk "Куәлікті шығарушы белгісіз." ru "Издатель сертификата неизвестен." en "The certificate's issuer is unknown."
    CertificateSignatureInvalid "certificate-signature-invalid" 422 "The issuer's signature on the certificate is wrong"
        why "The certificate names a known issuer, but its signature does not verify with the issuer's key."
        hint "the certificate was changed after it was issued; order a new one"
        kk "Куәліктегі шығарушы қолтаңбасы жарамсыз." ru "Подпись издателя на сертификате неверна." en "The issuer's signature on the certificate is wrong."
    KeyUsageNotSigning "key-usage-not-signing" 422 "The certificate is not for signing"
        why "Documents are signed with digitalSignature and nonRepudiation; an authentication certificate is not enough."
        hint "order one with the signing purpose"
        kk "Куәлік қол қоюға арналмаған." ru "Сертификат не предназначен для подписи." en "The certificate is not for signing."
    RoleNotAllowed "role-not-allowed" 422 "The signer's role does not allow this"
        why "The regulation names whose key signs; the certificate carries another role."
        hint "sign with the key of the person the regulation names"
        kk "Қол қоюшының өкілеттігі жоқ." ru "Роль подписавшего не позволяет этого." en "The signer's role does not allow this."
    IdentityMismatch "identity-mismatch" 422 "The certificate is somebody else's"
        why "The IIN or BIN declared is not that of the certificate."
        hint "sign with the certificate of the person or organisation declared"
        kk "Куәліктегі сәйкестендіру нөмірі сай емес." ru "Идентификационный номер в сертификате не совпадает." en "The identifier in the certificate does not match."
    IdentityMissing "identity-missing" 422 "The certificate carries no identifier"
        why "The subject has no IIN or BIN to compare with the one declared."
        hint "order a certificate with the identifier"
        kk "Куәлікте сәйкестендіру нөмірі жоқ." ru "В сертификате нет идентификационного номера." en "The certificate carries no identifier."
    IdentityOtherKind "identity-other-kind" 422 "The certificate carries another kind of identifier"
        why "A BIN was declared and the certificate has only an IIN, or the other way round. They are compared in kind."
        hint "sign with a certificate that carries the kind of number declared"
        kk "Куәліктегі нөмірдің түрі басқа." ru "В сертификате номер другого вида." en "The certificate carries another kind of number."
    IssuerNotValid "issuer-not-valid" 422 "An issuing centre was not valid at that moment"
        why "A certificate of the chain is outside of its validity period."
        hint "look at the world's clock"
        kk "Куәлікті берген орталықтың мерзімі өткен." ru "Сертификат издателя не действует на этот момент." en "The issuing centre's certificate is not valid."
    IssuerRevoked "issuer-revoked" 422 "An issuing centre is revoked"
        why "Lists or responders revoked the certificate of a centre in the chain, and all below it with it."
        hint "order the certificate from a centre that stands"
        kk "Куәлікті берген орталықтың куәлігі кері қайтарылған." ru "Сертификат издателя отозван." en "The issuing centre's certificate is revoked."
    NameNotPermitted "name-not-permitted" 422 "A centre of the chain does not allow this name"
        why "A centre above has name constraints, and a name in the certificate lies outside of them."
        hint "order the certificate from a centre that may name its holder so"
        kk "Куәліктегі атауға оны берген орталықтың рұқсаты жоқ." ru "Имя в сертификате не разрешено его издателю." en "The issuing centre may not certify this name."
    PolicyNotValid "policy-not-valid" 422 "No certificate policy holds along the chain"
        why "A centre of the chain, or the one who checks, requires a policy that holds from the root to the certificate."
        hint "order a certificate with a policy that its centres have"
        kk "Куәлік саясаты бүкіл тізбекте сақталмайды." ru "Политика сертификата не действует по всей цепочке." en "The certificate policy does not hold along the chain."
    AlgorithmRefused "algorithm-refused" 422 "A signature or key is too weak or unknown"
        why "SHA-1, RSA under 2048 bits, or an algorithm that is not known here."
        hint "use P-256 or RSA of 2048 bits with SHA-256"
        kk "Қолтаңба алгоритмі қабылданбайды." ru "Алгоритм подписи не принимается." en "The signature's algorithm is not accepted."
    CertificateRefused "certificate-refused" 422 "The certificate is refused"
        why "A check that has no code of its own failed; `verdict` holds the facts."
        hint "look at `verdict`"
        kk "Куәлік қабылданбайды." ru "Сертификат не принят." en "The certificate is refused."
    DataInUse "data-in-use" 409 "The data folder is in use"
        why "A data folder belongs to one process at a time: each would miss what the other writes."
        hint "talk to the running sandbox with --against URL, or choose another folder with --data DIR"
        kk "Деректер қалтасы бос емес." ru "Папка данных занята." en "The data folder is in use."
    DataForeign "data-foreign" 409 "The data folder is not one of this version"
        why "The file in it is no database of Qaqpa, or it was written by a newer version."
        hint "choose another folder with --data DIR, or use the newer version"
        kk "Деректер қалтасы жарамсыз." ru "Папка данных не подходит." en "The data folder does not fit."
    CannotListen "cannot-listen" 503 "The address cannot be listened on"
        why "Another program listens there, or the address is not this machine's."
        hint "choose another address with --listen ADDR; port 0 takes a free one"
        kk "Мекенжай бос емес." ru "Адрес занят." en "The address is taken."
    Unreachable "unreachable" 503 "Nobody answers there"
        why "No connection, or no answer in time. Nothing is known about what was asked for."
        hint "start a sandbox with `qaqpa up`, or say where it is with --against URL"
        kk "Жүйе жауап бермейді." ru "Система не отвечает." en "The system does not answer."
    OtherBaseUrl "other-base-url" 409 "The data belong to a sandbox of another base URL"
        why "The base URL stands in every certificate as the address of lists and responder. A world that is reached elsewhere could not be asked about revocation."
        hint "start it with the --listen or --base-url it was created with, or use another folder"
        kk "Деректер басқа мекенжайға тиесілі." ru "Данные принадлежат другому адресу." en "The data belong to another address."
    UnknownFlaw "unknown-flaw" 422 "No flaw of that name"
        why "Flaws are named so that a test says what it tests; an unknown name is an error, never ignored."
        hint "`qaqpa cert flaws` prints the known ones"
        kk "Мұндай ақау атауы жоқ." ru "Такого дефекта нет." en "There is no such flaw."
    ClockBackwards "clock-backwards" 409 "The world's clock does not go backwards"
        why "What was signed, revoked or due at a time stays in the past for the life of a world."
        hint "create another world for an earlier time"
        kk "Сағат кері жүрмейді." ru "Часы не идут назад." en "The clock does not go backwards."
    IncompleteDecision "decision-incomplete" 422 "The decision at the desk is not complete"
        why "A decision against the documents needs its grounds: the recipient has a right to know them."
        hint "send `grounds` when `conform` is false"
        kk "Шешімнің негіздері көрсетілмеген." ru "Не указаны основания решения." en "The grounds of the decision are missing."
    Busy "conflict" 409 "Another request changed the same case"
        why "Two requests acted on one case at once; one of them took effect."
        hint "read the case again and repeat what is still to be done"
        kk "Іс өзгертілді, қайталаңыз." ru "Дело изменилось, повторите." en "The case has changed; try again."
    Technical "technical-failure" 500 "The sandbox itself failed"
        why "A failure of the program or its storage. It is never a refusal: nothing was decided."
        hint "look at the log; the case stays where it was"
        kk "Техникалық ақау." ru "Технический сбой." en "A technical failure."
}

impl From<Code> for &'static str {
    fn from(code: Code) -> Self {
        code.code()
    }
}

impl TryFrom<String> for Code {
    type Error = UnknownCode;

    fn try_from(code: String) -> Result<Self, UnknownCode> {
        code.parse()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_read_back() {
        for code in Code::ALL {
            assert_eq!(code.code().parse(), Ok(*code));
            assert!(!code.hint().is_empty() && code.why().ends_with('.'), "{code}");
        }
    }
}
