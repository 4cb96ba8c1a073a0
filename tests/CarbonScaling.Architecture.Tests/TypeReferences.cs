using System.Reflection;

namespace CarbonScaling.Architecture.Tests;

/// <summary>The types that a type's declaration and the locals of its methods name.</summary>
internal static class TypeReferences
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<Type> Of(Type type)
    {
        var direct = new List<Type?> { type.BaseType };
        direct.AddRange(type.GetInterfaces());
        direct.AddRange(type.GetGenericArguments().SelectMany(argument => argument.GetGenericParameterConstraints()));
        direct.AddRange(type.GetFields(All).Select(field => field.FieldType));
        direct.AddRange(type.GetProperties(All).Select(property => property.PropertyType));
        direct.AddRange(type.GetEvents(All).Select(@event => @event.EventHandlerType));
        direct.AddRange(type.GetConstructors(All).SelectMany(InBody));
        direct.AddRange(type.GetConstructors(All).SelectMany(InSignature));
        foreach (var method in type.GetMethods(All))
        {
            direct.Add(method.ReturnType);
            direct.AddRange(InSignature(method));
            direct.AddRange(InBody(method));
        }

        return direct.OfType<Type>().SelectMany(Parts).Distinct();
    }

    private static IEnumerable<Type> InSignature(MethodBase method) => method.GetParameters().Select(parameter => parameter.ParameterType);

    private static IEnumerable<Type> InBody(MethodBase method) => method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? [];

    /// <summary>The element type of an array or reference, a generic type and its arguments.</summary>
    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.GetElementType() is { } element)
        {
            return Parts(element);
        }

        return type.IsConstructedGenericType ? type.GetGenericArguments().SelectMany(Parts).Prepend(type) : [type];
    }
}
