// _elementtree: the native half of xml.etree.ElementTree. Elements are in elementtree_element.cpp, searching and iterating in
// elementtree_search.cpp, TreeBuilder and XMLParser in elementtree_builder.cpp and elementtree_parser.cpp.
#include "modules/elementtree_internal.h"
#include "objects/at_this_moment.h"
#include "objects/list.h"
#include "objects/new_exception.h"
#include "objects/sequence_item.h"
#include "objects/whole_list.h"

namespace baton {

static Root<Type>* parse_error = nullptr;

Type* parse_error_type() { return parse_error->get(); }

// SubElement(parent, tag, attrib={}, **extra)
static Result<Value> elementtree_subelement(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  if (n < 2) return raise_type_error(thread, "SubElement() takes at least 2 arguments ({} given)", static_cast<u64>(n));
  if (n > 3) return raise_type_error(thread, "SubElement() takes at most 3 arguments ({} given)", static_cast<u64>(n));
  if (!is<Element>(args[0])) {
    return raise_type_error(thread, "SubElement() argument 1 must be xml.etree.ElementTree.Element, not {!t}", args[0]);
  }
  if (n == 3 && !is<Dict>(args[2])) return raise_type_error(thread, "SubElement() argument 3 must be dict, not {!a}", args[2]);
  Value attributes = TRY(attributes_from_call(thread, n == 3 ? args[2] : Value(), args + n, kwnames));
  Element* made = TRY(make_element(thread, args[1], attributes));
  TRY(element_append(thread, args[0].as<Element>(), Value(made)));
  return Value(made);
}
static constinit NativeDef elementtree_functions[] = {
    native_raw(elementtree_subelement, "SubElement($module, /, *args, **kwargs)", nullptr),
    native<builder_set_factories>("_set_factories($module, comment_factory, pi_factory, /)",
                                  "Replace the functions that make comment and processing instruction nodes.\n\nThe previous "
                                  "pair of factories is returned. Only ElementTree itself should\ncall this."),
};

static Result<void> elementtree_exec(Thread& thread, Module* module) {
  TRY(type_from_def(thread, element_iterator_def));
  register_sequence_item(element_def.type, [](Thread&, Cell* cell, Index i) -> Result<Value> {
    Value child = static_cast<Element*>(cell)->try_child(i);
    return child.is_present() ? child : kExhausted;
  });
  if (!whole_list_of(element_def.type)) {
    register_whole_list(element_def.type, [](Thread& t, Value element) -> Result<List*> {
      List* children = element.as<Element>()->children_.get();
      return children ? list_copy_whole(t, children) : make_list(t);
    });
  }
  if (!parse_error)
    parse_error = new Root<Type>(TRY(make_exception_type(thread, "xml.etree.ElementTree.ParseError", exceptions.SyntaxError)));
  return module_set(thread, module, "ParseError", Value(parse_error->get()));
}
static TypeDef* const elementtree_types[] = {&element_def, &tree_builder_def, &tree_parser_def};
constinit ModuleDef elementtree_module = {.name = "_elementtree",
                                          .functions = elementtree_functions,
                                          .function_count = count_of(elementtree_functions),
                                          .types = elementtree_types,
                                          .type_count = 3,
                                          .exec = elementtree_exec};

}  // namespace baton
