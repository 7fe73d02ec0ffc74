// X.509 certificates as Python sees them: the dicts of getpeercert(), and the Certificate type.
//
// Certificates are immutable and counted by the library; they are read with the GIL held (no I/O, little work).
#include <openssl/asn1.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstring>

#include "modules/ssl_internal.h"
#include "objects/codecs.h"
#include "objects/dict.h"
#include "objects/list.h"

namespace baton {

static Failed raise_here(Thread& t) { return raise_ssl_queue(t, nullptr, kPlaceCertificate); }

// What is printed into it, as text.
class TextBio {
 public:
  TextBio() : bio_(BIO_new(BIO_s_mem())) {}
  ~TextBio() { BIO_free(bio_); }
  TextBio(const TextBio&) = delete;
  TextBio& operator=(const TextBio&) = delete;
  BIO* get() const { return bio_; }
  std::string_view text() const {
    char* data = nullptr;
    long n = BIO_ctrl(bio_, BIO_CTRL_INFO, 0, &data);
    return {data, n > 0 ? static_cast<usize>(n) : 0};
  }

 private:
  BIO* bio_;
};

// ---------------------------------------------------------------------------------------------------------------- names

static Result<Value> object_name(Thread& t, const ASN1_OBJECT* object) {
  char text[256];
  int n = OBJ_obj2txt(text, sizeof text, object, 0);
  if (n < 0) return raise_here(t);
  usize size = static_cast<usize>(n) < sizeof text ? static_cast<usize>(n) : sizeof text - 1;
  return TRY(str_from_utf8(t, std::string_view(text, size)));
}
static Result<Value> utf8_or_raise(Thread& t, const void* data, usize n) {
  return TRY(decode_text(t, static_cast<const u8*>(data), n, Value(), nullptr, nullptr));
}
static Result<Value> attribute_pair(Thread& t, X509_NAME_ENTRY* entry) {
  Value name = TRY(object_name(t, X509_NAME_ENTRY_get_object(entry)));
  unsigned char* text = nullptr;
  int n = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry));
  if (n < 0) return raise_here(t);
  Result<Value> value = utf8_or_raise(t, text, static_cast<usize>(n));
  OPENSSL_free(text);
  return TRY(tuple_of(t, name, TRY(value)));
}
// A tuple of relative names, each a tuple of (attribute, value) pairs.
static Result<Value> name_value(Thread& t, const X509_NAME* name) {
  RootVector relatives, pairs;
  int count = X509_NAME_entry_count(name), level = -1;
  for (int i = 0; i < count; ++i) {
    X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, i);
    int set = X509_NAME_ENTRY_set(entry);
    if (set != level && !pairs.empty()) {
      relatives.push(Value(TRY(make_tuple(t, pairs.data(), static_cast<Index>(pairs.size())))));
      pairs.clear();
    }
    level = set;
    pairs.push(TRY(attribute_pair(t, entry)));
  }
  if (!pairs.empty()) relatives.push(Value(TRY(make_tuple(t, pairs.data(), static_cast<Index>(pairs.size())))));
  return TRY(make_tuple(t, relatives.data(), static_cast<Index>(relatives.size())));
}

// ---------------------------------------------------------------------------------------------------------------- alternative
// names

static Result<Value> pair_of(Thread& t, const char* kind, Value value) {
  return TRY(tuple_of(t, Value(TRY(str_from_ascii(t, kind))), value));
}
static Result<Value> text_pair(Thread& t, const char* kind, const ASN1_STRING* text) {
  return pair_of(t, kind, TRY(utf8_or_raise(t, ASN1_STRING_get0_data(text), static_cast<usize>(ASN1_STRING_length(text)))));
}
static Result<Value> address_pair(Thread& t, const ASN1_OCTET_STRING* address) {
  const unsigned char* p = ASN1_STRING_get0_data(address);
  char text[64];
  switch (ASN1_STRING_length(address)) {
    case 4: BIO_snprintf(text, sizeof text, "%d.%d.%d.%d", p[0], p[1], p[2], p[3]); break;
    case 16: {
      char* at = text;
      for (int i = 0; i < 16; i += 2) at += BIO_snprintf(at, 8, i ? ":%X" : "%X", p[i] << 8 | p[i + 1]);
      break;
    }
    default: strcpy(text, "<invalid>");
  }
  return pair_of(t, "IP Address", Value(TRY(str_from_ascii(t, text))));
}
static Result<Value> registered_pair(Thread& t, const ASN1_OBJECT* id) {
  TextBio out;
  i2a_ASN1_OBJECT(out.get(), id);
  return pair_of(t, "Registered ID", Value(TRY(str_from_utf8(t, out.text()))));
}
// Other kinds as the library prints them: "kind:value".
static Result<Value> printed_pair(Thread& t, GENERAL_NAME* name) {
  if (name->type != GEN_OTHERNAME && name->type != GEN_X400 && name->type != GEN_EDIPARTY) {
    Str* text = TRY(format_message(t, "Unknown general name type {}", name->type));
    TRY(warn(t, exceptions.RuntimeWarning, text->ascii()));
  }
  TextBio out;
  GENERAL_NAME_print(out.get(), name);
  std::string_view text = out.text();
  usize colon = text.find(':');
  if (colon == std::string_view::npos) return raise_value_error(t, "Invalid value {}", text.substr(0, 200));
  Value kind(TRY(str_from_utf8(t, text.substr(0, colon))));
  return TRY(tuple_of(t, kind, Value(TRY(str_from_utf8(t, text.substr(colon + 1))))));
}
static Result<Value> alternative_name(Thread& t, GENERAL_NAME* name) {
  switch (name->type) {
    case GEN_DIRNAME: return pair_of(t, "DirName", TRY(name_value(t, name->d.dirn)));
    case GEN_EMAIL: return text_pair(t, "email", name->d.rfc822Name);
    case GEN_DNS: return text_pair(t, "DNS", name->d.dNSName);
    case GEN_URI: return text_pair(t, "URI", name->d.uniformResourceIdentifier);
    case GEN_RID: return registered_pair(t, name->d.rid);
    case GEN_IPADD: return address_pair(t, name->d.iPAddress);
    default: return printed_pair(t, name);
  }
}
// None when there are none.
static Result<Value> alternative_names(Thread& t, X509* certificate) {
  auto* names = static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  if (!names) return kNone;
  RootVector values;
  bool good = true;
  for (int i = 0; good && i < sk_GENERAL_NAME_num(names); ++i) {
    Result<Value> pair = alternative_name(t, sk_GENERAL_NAME_value(names, i));
    good = !pair.is_failed();
    if (good) values.push(pair.value());
  }
  GENERAL_NAMES_free(names);
  if (!good) return failed;
  return TRY(make_tuple(t, values.data(), static_cast<Index>(values.size())));
}

// ---------------------------------------------------------------------------------------------------------------- places

static Result<bool> push_uri(Thread& t, RootVector& values, const GENERAL_NAME* name) {
  if (name->type != GEN_URI) return true;
  const ASN1_IA5STRING* uri = name->d.uniformResourceIdentifier;
  values.push(TRY(utf8_or_raise(t, ASN1_STRING_get0_data(uri), static_cast<usize>(ASN1_STRING_length(uri)))));
  return true;
}
static Result<Value> tuple_or_none(Thread& t, RootVector& values) {
  if (values.empty()) return kNone;
  return TRY(make_tuple(t, values.data(), static_cast<Index>(values.size())));
}
// Addresses in the authority information, by what they are for.
static Result<Value> authority_uris(Thread& t, X509* certificate, int purpose) {
  auto* info = static_cast<AUTHORITY_INFO_ACCESS*>(X509_get_ext_d2i(certificate, NID_info_access, nullptr, nullptr));
  if (!info) return kNone;
  RootVector values;
  bool good = true;
  for (int i = 0; good && i < sk_ACCESS_DESCRIPTION_num(info); ++i) {
    ACCESS_DESCRIPTION* access = sk_ACCESS_DESCRIPTION_value(info, i);
    if (OBJ_obj2nid(access->method) == purpose) good = !push_uri(t, values, access->location).is_failed();
  }
  AUTHORITY_INFO_ACCESS_free(info);
  if (!good) return failed;
  return tuple_or_none(t, values);
}
static Result<Value> revocation_uris(Thread& t, X509* certificate) {
  auto* points = static_cast<CRL_DIST_POINTS*>(X509_get_ext_d2i(certificate, NID_crl_distribution_points, nullptr, nullptr));
  if (!points) return kNone;
  RootVector values;
  bool good = true;
  for (int i = 0; good && i < sk_DIST_POINT_num(points); ++i) {
    DIST_POINT* point = sk_DIST_POINT_value(points, i);
    if (!point->distpoint || point->distpoint->type != 0) continue;  // no address, or one relative to the issuer
    GENERAL_NAMES* names = point->distpoint->name.fullname;
    for (int k = 0; good && k < sk_GENERAL_NAME_num(names); ++k)
      good = !push_uri(t, values, sk_GENERAL_NAME_value(names, k)).is_failed();
  }
  CRL_DIST_POINTS_free(points);
  if (!good) return failed;
  return tuple_or_none(t, values);
}

// ---------------------------------------------------------------------------------------------------------------- the dict

static Result<Value> time_text(Thread& t, const ASN1_TIME* time) {
  TextBio out;
  ASN1_TIME_print(out.get(), time);
  return TRY(str_from_utf8(t, out.text()));
}
static Result<Value> serial_text(Thread& t, X509* certificate) {
  TextBio out;
  i2a_ASN1_INTEGER(out.get(), X509_get0_serialNumber(certificate));
  return TRY(str_from_utf8(t, out.text()));
}
Result<Value> decode_certificate(Thread& t, X509* certificate) {
  Dict* info = TRY(make_dict(t));
  auto put = [&](const char* key, Value value) -> Result<void> {
    if (value.is_none()) return ok;
    return dict_set_ascii(t, info, key, value);
  };
  TRY(put("subject", TRY(name_value(t, X509_get_subject_name(certificate)))));
  TRY(put("issuer", TRY(name_value(t, X509_get_issuer_name(certificate)))));
  TRY(put("version", Value::of_small_int(X509_get_version(certificate) + 1)));
  TRY(put("serialNumber", TRY(serial_text(t, certificate))));
  TRY(put("notBefore", TRY(time_text(t, X509_get0_notBefore(certificate)))));
  TRY(put("notAfter", TRY(time_text(t, X509_get0_notAfter(certificate)))));
  TRY(put("subjectAltName", TRY(alternative_names(t, certificate))));
  TRY(put("OCSP", TRY(authority_uris(t, certificate, NID_ad_OCSP))));
  TRY(put("caIssuers", TRY(authority_uris(t, certificate, NID_ad_ca_issuers))));
  TRY(put("crlDistributionPoints", TRY(revocation_uris(t, certificate))));
  return Value(info);
}
Result<Value> certificate_der(Thread& t, X509* certificate) {
  unsigned char* data = nullptr;
  int n = i2d_X509(certificate, &data);
  if (n < 0) return raise_here(t);
  Result<Bytes*> bytes = bytes_from(t, data, static_cast<usize>(n));
  OPENSSL_free(data);
  return Value(TRY(bytes));
}
Result<Value> decode_certificate_file(Thread& t, Value path) {
  Bytes* name = TRY(file_system_bytes(t, path));
  const char* text = c_text(name);
  X509* certificate = nullptr;
  bool opened = blocking(t, [&] {
    BIO* file = BIO_new_file(text, "rb");
    if (!file) return false;
    certificate = PEM_read_bio_X509(file, nullptr, nullptr, nullptr);
    BIO_free(file);
    return true;
  });
  ERR_clear_error();
  if (!opened) return raise_ssl_text(t, "Can't open file");
  if (!certificate) return raise_ssl_text(t, "Error decoding PEM-encoded file");
  Result<Value> info = decode_certificate(t, certificate);
  X509_free(certificate);
  return info;
}

// ---------------------------------------------------------------------------------------------------------------- Certificate

class Certificate final : public Cell {
 public:
  void init(X509* certificate) { certificate_ = certificate; }
  void finalize_native() { X509_free(certificate_); }
  void visit_edges(EdgeVisitor&) const {}
  X509* certificate_;
};

Result<Value> make_certificate(Thread& t, X509* certificate) {
  X509_up_ref(certificate);
  Result<Certificate*> made = make_of<Certificate>(t, certificate_def.type, certificate);
  if (made.is_failed()) X509_free(certificate);
  return made.is_failed() ? Result<Value>(failed) : Result<Value>(Value(made.value()));
}

enum Encoding : int { kPem = 1, kDer = 2 };
static Result<Value> certificate_public_bytes(Thread& t, Certificate* self, Optional<int> format) {
  int encoding = format.value_or(kPem);
  if (encoding == kDer) return certificate_der(t, self->certificate_);
  if (encoding != kPem) return raise_value_error(t, "Unsupported format");
  TextBio out;
  if (!PEM_write_bio_X509(out.get(), self->certificate_)) return raise_here(t);
  return TRY(str_from_utf8(t, out.text()));
}
static Result<Value> certificate_get_info(Thread& t, Certificate* self) { return decode_certificate(t, self->certificate_); }
static Result<Str*> certificate_repr(Thread& t, Certificate* self) {
  TextBio out;
  X509_NAME_print_ex(out.get(), X509_get_subject_name(self->certificate_), 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  return format_message(t, "<{!t} '{}'>", Value(self), out.text());
}
static Result<i64> certificate_hash(Thread&, Certificate* self) {
  return static_cast<i64>(X509_subject_name_hash(self->certificate_));
}
template <bool equal>
static Result<Value> certificate_equal(Thread&, Certificate* self, Value other) {
  if (!is<Certificate>(other)) return kNotImplemented;
  bool same = X509_cmp(self->certificate_, other.as<Certificate>()->certificate_) == 0;
  return Value::of_bool(same == equal);
}
static Result<Value> certificate_unordered(Thread&, Certificate*, Value) { return kNotImplemented; }

static constinit NativeDef certificate_methods[] = {
    native<certificate_repr>("__repr__($self, /)", "Return repr(self)."),
    native<certificate_hash>("__hash__($self, /)", "Return hash(self)."),
    native<certificate_unordered>("__lt__($self, value, /)", "Return self<value."),
    native<certificate_unordered>("__le__($self, value, /)", "Return self<=value."),
    native<certificate_equal<true>>("__eq__($self, value, /)", "Return self==value."),
    native<certificate_equal<false>>("__ne__($self, value, /)", "Return self!=value."),
    native<certificate_unordered>("__gt__($self, value, /)", "Return self>value."),
    native<certificate_unordered>("__ge__($self, value, /)", "Return self>=value."),
    native<certificate_public_bytes>("public_bytes($self, /, format=Encoding.PEM)", nullptr),
    native<certificate_get_info>("get_info($self, /)", nullptr),
};
constinit TypeDef certificate_def = {
    .name = "_ssl.Certificate",
    .dynamic_kind = &DynamicKind<Certificate>::value,
    .payload_size = sizeof(Certificate),
    .flags = kTypeNoInstances,
    .methods = certificate_methods,
    .method_count = count_of(certificate_methods),
    .kind_info = kind_info_of<Certificate>("Certificate"),
};

}  // namespace baton
