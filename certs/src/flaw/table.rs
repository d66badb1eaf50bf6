//! The flaws, each with its name, what it changes, what must be answered, and its words.

use serde::{Deserialize, Serialize};

use super::{Must, Part};
use crate::Text;

macro_rules! flaws {
    ($($(#[$doc:meta])* $flaw:ident = $name:literal, $part:ident, $must:ident $(($code:literal))?,
        $kk:literal, $ru:literal, $en:literal;)*) => {
        /// A defect. The name says what is wrong; a certificate may have several that do not contradict each other.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Flaw { $($(#[$doc])* $flaw,)* }

        impl Flaw {
            /// All flaws.
            pub const fn all() -> &'static [Self] {
                &[$(Self::$flaw,)*]
            }

            /// The name on the command line and in JSON.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$flaw => $name,)* }
            }

            /// What it changes.
            pub const fn part(self) -> Part {
                match self { $(Self::$flaw => Part::$part,)* }
            }

            /// What a verifier must answer that is asked everything about a certificate of the flaw's
            /// [`profile`](Self::profile): the number that was ordered, and the role of the profile.
            pub const fn must(self) -> Must {
                match self { $(Self::$flaw => Must::$must $(($code))?,)* }
            }

            /// What is wrong, for people.
            pub fn describe(self) -> Text {
                match self { $(Self::$flaw => Text::new($kk, $ru, $en),)* }
            }
        }
    };
}

flaws! {
    /// Its validity ended a day before it was issued.
    Expired = "expired", Validity, Refuse("certificate-expired"),
        "мерзімі кеше аяқталған", "срок действия истёк вчера", "expired yesterday";
    /// Its validity starts a day after it was issued.
    NotYetValid = "not-yet-valid", Validity, Refuse("certificate-not-yet-valid"),
        "ертеңнен бастап жарамды", "начнёт действовать завтра", "valid from tomorrow";
    /// Its validity ends an hour after it was issued: what is signed with it expires while it waits.
    ExpiredInQueue = "expired-in-queue", Validity, RefuseLater("certificate-expired"),
        "мерзімі бір сағаттан кейін, өтініш кезекте тұрғанда аяқталады",
        "срок действия истечёт через час, пока заявление ждёт в очереди",
        "expires in an hour, while what was signed waits in a queue";

    /// It is revoked at once (keyCompromise).
    Revoked = "revoked", Status, Refuse("certificate-revoked"),
        "кері қайтарылған (keyCompromise)", "отозван (keyCompromise)", "revoked (keyCompromise)";
    /// It is put on hold at once (certificateHold).
    Suspended = "suspended", Status, Refuse("certificate-suspended"),
        "уақытша тоқтатылған (certificateHold)", "приостановлен (certificateHold)", "on hold (certificateHold)";
    /// It is revoked an hour after it was issued: after something was signed with it.
    RevokedAfterSigning = "revoked-after-signing", Status, RefuseLater("certificate-revoked"),
        "бір сағаттан кейін, қол қойылғаннан соң кері қайтарылады",
        "будет отозван через час, после подписания",
        "revoked in an hour, after something was signed with it";

    /// The responder says good and the list revoked.
    OcspGoodCrlRevoked = "ocsp-good-crl-revoked", Answers, Refuse("certificate-revoked"),
        "OCSP бойынша қолданыста, КҚТ (CRL) бойынша кері қайтарылған",
        "по OCSP действует, по СОС (CRL) отозван",
        "good by OCSP, revoked by the list";
    /// The responder says revoked and the list does not have it yet.
    OcspRevokedCrlGood = "ocsp-revoked-crl-good", Answers, Refuse("certificate-revoked"),
        "OCSP бойынша кері қайтарылған, КҚТ (CRL) тізімінде әлі жоқ",
        "по OCSP отозван, в СОС (CRL) его ещё нет",
        "revoked by OCSP, not on the list yet";
    /// The responder does not know it.
    OcspUnknown = "ocsp-unknown", Answers, Unknown("revocation-unknown"),
        "OCSP бұл куәлікті білмейді", "OCSP не знает этого свидетельства", "unknown to the OCSP responder";
    /// Somebody answers for the responder whom the centre has not certified for it.
    OcspByAnotherKey = "ocsp-by-another-key", Answers, Unknown("revocation-unknown"),
        "OCSP жауабына бөтен кілт қол қойған", "ответ OCSP подписан чужим ключом",
        "the OCSP answer is signed with another key";

    /// Its revocation list is not where it says, and it names no OCSP responder.
    MissingCrl = "missing-crl", Lists, Unknown("revocation-unknown"),
        "көрсетілген КҚТ (CRL) жоқ, OCSP аталмаған",
        "указанного СОС (CRL) нет, OCSP не указан",
        "the CRL it names does not exist, and it names no OCSP";
    /// Its revocation list was due again long ago, and it names no OCSP responder.
    StaleCrl = "stale-crl", Lists, Unknown("revocation-unknown"),
        "көрсетілген КҚТ (CRL) ескірген, OCSP аталмаған",
        "указанный СОС (CRL) устарел, OCSP не указан",
        "the CRL it names is out of date, and it names no OCSP";
    /// Its revocation list is a file of no bytes, and it names no OCSP responder.
    EmptyCrl = "empty-crl", Lists, Unknown("revocation-unknown"),
        "көрсетілген КҚТ (CRL) файлы бос, OCSP аталмаған",
        "указанный СОС (CRL) — пустой файл, OCSP не указан",
        "the CRL it names is an empty file, and it names no OCSP";
    /// Its revocation list is in the centre's name and not signed with its key; it names no OCSP responder.
    CrlByAnotherKey = "crl-by-another-key", Lists, Unknown("revocation-unknown"),
        "көрсетілген КҚТ (CRL) тізіміне бөтен кілт қол қойған, OCSP аталмаған",
        "указанный СОС (CRL) подписан чужим ключом, OCSP не указан",
        "the CRL it names is signed with another key, and it names no OCSP";
    /// It names neither a list nor a responder.
    NoRevocationSource = "no-revocation-source", Lists, Unknown("revocation-unknown"),
        "КҚТ (CRL) да, OCSP да аталмаған", "не указаны ни СОС (CRL), ни OCSP", "names neither CRL nor OCSP";

    /// It carries another IIN than ordered.
    IinMismatch = "iin-mismatch", Iin, Refuse("identity-mismatch"),
        "басқа ЖСН көрсетілген", "указан другой ИИН", "carries another IIN";
    /// It carries no IIN.
    NoIin = "no-iin", Iin, Refuse("identity-missing"), "ЖСН көрсетілмеген", "ИИН не указан", "carries no IIN";
    /// A BIN stands where the IIN belongs.
    BinInsteadOfIin = "bin-instead-of-iin", Iin, Refuse("identity-missing"),
        "ЖСН орнында БСН тұр", "на месте ИИН стоит БИН", "a BIN stands where the IIN belongs";
    /// The last digit of its IIN does not follow from the others.
    WrongCheckDigit = "wrong-check-digit", Iin, Refuse("identity-mismatch"),
        "ЖСН бақылау саны қате", "неверная контрольная цифра ИИН", "the IIN's check digit is wrong";
    /// Its IIN stands there without the letters `IIN`.
    IinWithoutPrefix = "iin-without-prefix", Iin, Refuse("identity-missing"),
        "ЖСН алдында IIN әріптері жоқ", "перед ИИН нет букв IIN", "the IIN lacks the letters IIN before it";
    /// It carries no patronymic, as that of a person who has none.
    NoPatronymic = "no-patronymic", Name, Accept,
        "әкесінің аты көрсетілмеген", "отчество не указано", "carries no patronymic";

    /// It carries another BIN than ordered.
    BinMismatch = "bin-mismatch", Organisation, Refuse("identity-mismatch"),
        "басқа БСН көрсетілген", "указан другой БИН", "carries another BIN";
    /// Its holder works for another organisation than ordered.
    OtherOrganisation = "other-organisation", Organisation, Refuse("identity-mismatch"),
        "иесі басқа ұйымның қызметкері", "владелец — сотрудник другой организации",
        "the holder is an employee of another organisation";

    /// Its key is for encipherment only.
    WrongKeyUsage = "wrong-key-usage", Usage, Refuse("key-usage-not-signing"),
        "кілт тек шифрлауға арналған", "ключ только для шифрования", "the key is for encipherment only";
    /// It is an authentication certificate where one for signing was ordered.
    AuthKeyForSigning = "auth-key-for-signing", Usage, Refuse("key-usage-not-signing"),
        "қол қою кілтінің орнына аутентификация кілті",
        "ключ аутентификации вместо ключа подписи",
        "an authentication key in place of a signing key";
    /// Its extended key usage is that of a TLS server.
    WrongExtendedKeyUsage = "wrong-extended-key-usage", ExtendedUsage, Refuse("key-usage-not-signing"),
        "кеңейтілген қолданылуы TLS серверіне арналған (serverAuth)",
        "расширенное использование — сервер TLS (serverAuth)",
        "the extended key usage is that of a TLS server (serverAuth)";
    /// Its extended key usage names no role.
    NoRole = "no-role", ExtendedUsage, Refuse("role-not-allowed"),
        "рөлі көрсетілмеген", "роль не указана", "carries no role";
    /// Its policy is that of TLS servers.
    WrongPolicy = "wrong-policy", Policy, Refuse("key-usage-not-signing"),
        "саясаты TLS серверіне арналған", "политика сертификата — для серверов TLS",
        "the certificate policy is that of TLS servers";
    /// It has a critical extension that nobody knows.
    CriticalExtension = "critical-extension", Extension, Refuse("critical-extension-unknown"),
        "белгісіз міндетті кеңейтім бар", "неизвестное критическое расширение", "has an unknown critical extension";

    /// It carries the serial number of another certificate: of the centre's OCSP responder.
    DuplicateSerial = "duplicate-serial", Serial, Accept,
        "сериялық нөмірі басқа куәліктікіндей", "серийный номер как у другого свидетельства",
        "carries the serial number of another certificate";
    /// Its key was certified before, by a certificate that was replaced.
    ReissuedKey = "reissued-key", Key, Accept,
        "бұрынғы кілтке қайта берілген", "перевыпущен на старый ключ", "issued anew for the old key";
    /// Its key is RSA of 1024 bits.
    WeakRsa = "weak-rsa", Key, Refuse("algorithm-refused"),
        "кілті 1024 биттік RSA", "ключ RSA 1024 бита", "its key is RSA of 1024 bits";

    /// One bit of the centre's signature is flipped.
    BadSignature = "bad-signature", Signature, Refuse("certificate-signature-invalid"),
        "орталықтың қолтаңбасы бүлінген", "подпись центра повреждена", "the centre's signature is damaged";
    /// A centre signed it with SHA-1.
    Sha1Signature = "sha1-signature", Issuer, Refuse("algorithm-refused"),
        "орталық SHA-1 арқылы қол қойған", "подписан центром с SHA-1", "signed by a centre with SHA-1";
    /// A centre signed it with RSA of 1024 bits.
    WeakIssuer = "weak-issuer", Issuer, Refuse("algorithm-refused"),
        "орталықтың кілті 1024 биттік RSA", "ключ центра RSA 1024 бита", "the centre's key is RSA of 1024 bits";
    /// A centre that nobody knows signed it.
    UnknownIssuer = "unknown-issuer", Issuer, Refuse("issuer-unknown"),
        "белгісіз орталық қол қойған",
        "подписан неизвестным центром",
        "signed by a centre that nobody knows";
    /// The centre that signed it is below the root, and its certificate is nowhere to be had.
    MissingIntermediate = "missing-intermediate", Issuer, Refuse("issuer-unknown"),
        "аралық орталықтың куәлігі жоқ", "нет свидетельства промежуточного центра",
        "the certificate of the centre between is missing";
    /// It names another key than the one that signed it.
    WrongAuthorityKey = "wrong-authority-key", Issuer, Refuse("issuer-unknown"),
        "орталықтың басқа кілті көрсетілген", "указан другой ключ центра", "names another key of the centre";
    /// Who signed it is no centre by its basic constraints.
    IssuerNotCa = "issuer-not-ca", Issuer, Refuse("issuer-not-a-centre"),
        "берушісі орталық емес (cA жоқ)", "издатель не является центром (нет cA)",
        "the issuer is no centre (no cA flag)";
    /// Who signed it has a key that is not for signing certificates.
    IssuerWithoutCertSign = "issuer-without-cert-sign", Issuer, Refuse("issuer-not-a-centre"),
        "берушінің кілті куәліктерге қол қоюға арналмаған", "ключ издателя не для подписи свидетельств",
        "the issuer's key is not for signing certificates (no keyCertSign)";
    /// A centre signed it that stands below one that may have none below it.
    PathTooLong = "path-too-long", Issuer, Refuse("path-too-long"),
        "тізбекте рұқсат етілгеннен көп орталық бар", "в цепочке больше центров, чем разрешено",
        "more centres in the chain than is allowed";
    /// The centre that signed it is not valid any more.
    IssuerExpired = "issuer-expired", Issuer, Refuse("issuer-not-valid"),
        "орталықтың мерзімі кеше аяқталған", "срок действия центра истёк вчера", "the centre expired yesterday";
    /// The centre that signed it is revoked (cACompromise).
    IssuerRevoked = "issuer-revoked", Issuer, Refuse("issuer-revoked"),
        "орталықтың өзі кері қайтарылған", "сам центр отозван", "the centre itself is revoked";
    /// The centre that signed it may not give such names.
    NameNotPermitted = "name-not-permitted", Issuer, Refuse("name-not-permitted"),
        "орталыққа мұндай атауға рұқсат жоқ", "такое имя центру не разрешено",
        "the centre may not give such names (name constraints)";
    /// The centre that signed it demands a policy that it does not have.
    PolicyNotValid = "policy-not-valid", Issuer, Refuse("policy-not-valid"),
        "орталық талап ететін саясат жоқ", "нет политики, которой требует центр",
        "lacks the policy that the centre demands";

    /// The chain that comes with it is in the wrong order.
    ChainOrder = "chain-order", Chain, Accept,
        "тізбек кері ретпен берілген", "цепочка в обратном порядке", "the chain is in the wrong order";
}
